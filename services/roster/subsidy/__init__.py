"""Subsidies by decision for those on the front line of major tasks, disasters and emergencies (NM-18)."""
