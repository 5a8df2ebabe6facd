"""Regulations that nobody had in mind: three packs written from facts alone, through every feature that stands."""
