"""The receiving side of a move between jurisdictions: what came over after consent, and its answer (NM-23)."""
