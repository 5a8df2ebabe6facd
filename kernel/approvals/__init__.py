"""Approvals between agencies (A1–A6): a pure machine (`model`, `machine`, `resolve`) and its `embed` in a
service.

The pure part knows no database and no clock: a case and an action go in, the next case and its record lines
come out. `embed` keeps cases in the service's own database, inside the transaction of whoever decides.
"""
