"""Ranks on a ladder that the region loads: placement, promotion by years and assessment, recognition (NM-23)."""
