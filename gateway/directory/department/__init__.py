"""Departments of units, by the kinds that the regulation knows at a level (T3)."""
