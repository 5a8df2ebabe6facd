"""Hours and rounds owed each year, and who is short of them (NM-20; L1, L5)."""
