"""Discipline of workers: cases under the regulation's disciplines, heard, decided, reviewed (SH-24, NM-38, NM-36)."""
