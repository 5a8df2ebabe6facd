"""Admission (准入) of matters to communities, and the registers of what was admitted (NM-21, NM-22, SH-12 to SH-14)."""
