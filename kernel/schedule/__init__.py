"""Timers: what falls due at a business instant, kept in the service's database and run once.

A due row is found across tenants by the relay role, then claimed and run with its effect in one transaction
of its tenant. So a timer survives restarts, runs once however many workers look, and fails alone.
"""
