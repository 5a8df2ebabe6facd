"""Self-assessment by the person and scores by officials, each in its stage (NM-28, SH-21, 22)."""
