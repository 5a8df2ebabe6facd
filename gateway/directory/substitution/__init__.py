"""Standing in for the holder of a post (代理) for some days, recorded as such wherever it is used (T3)."""
