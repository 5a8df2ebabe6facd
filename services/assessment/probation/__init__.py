"""The assessment at the end of probation, decided on or before its last day (NM-37(1), LCL 39; S7)."""
