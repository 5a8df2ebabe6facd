"""Regulation: the packs of a tenant, published to every process by event (P5, P6), and the what-if door (P4)."""
