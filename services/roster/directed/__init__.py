"""Who qualifies for directed recruitment, with the proof of every condition (NM-31, NM-32, SH-18)."""
