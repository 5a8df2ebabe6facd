"""Approvals inside a service: tables, the transaction of whoever decides, routes, timers, events."""
