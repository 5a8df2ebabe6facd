"""Measurements against the limits of performance.md: ratios in one interleaved run, never bare figures."""
