"""Duties and service commitments of a community made public (SH-11, NM-13, NM-14, NM-25, NM-26)."""
