"""The database: one transaction per request or message, row-level security, temporal keys, migrations."""
