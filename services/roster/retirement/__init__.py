"""Who reaches the statutory retirement month, and the township's handling of it (NM-30; national retirement table)."""
