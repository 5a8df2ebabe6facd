"""Training programmes: what the level responsible plans, with classes belonging to it (NM-20; L2)."""
