"""The end of a recruitment: what was not filled is free again (NM-5)."""
