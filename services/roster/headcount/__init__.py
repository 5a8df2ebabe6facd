"""Headcount (编制/职数): posts fixed for a unit, reserved for plans, taken, and free (NM-5, NM-6)."""
