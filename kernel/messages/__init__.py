"""Messages to people (SMS, e-mail): asked for in a transaction, carried by the outbox, sent once by the gateway.

Address and text travel sealed, so that neither stands in an event, a log or a table in clear.
"""
