"""Absence (旷工) and overstayed leave (超假): determined by named officials, counted, never approved leave (NM-27)."""
