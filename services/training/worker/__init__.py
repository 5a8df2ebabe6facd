"""Who holds which post, as roster tells it (NM-3, NM-20)."""
