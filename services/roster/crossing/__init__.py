"""Moving to another jurisdiction: release, the worker's consent, acceptance there; only evidence crosses (NM-23).

Each tenant keeps a record of its own. The platform, at work on roster's own events, is the only one that reaches both.
"""
