"""The assessment of a year in one unit: who takes part, and the stages in the regulation's order (NM-28, SH-22)."""
