"""News between services.

Outbox, relay, JetStream, inbox. PostgreSQL is the truth, a lost stream is a replay.
"""
