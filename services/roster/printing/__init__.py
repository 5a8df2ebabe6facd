"""Printed forms of the roster: the labour contract (NM-12)."""
