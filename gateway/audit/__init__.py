"""Audit: entries of all services chained per tenant; a command names the first broken link (T10)."""
