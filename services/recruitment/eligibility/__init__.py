"""Qualification review (资格审查): findings by article, human determinations, relaxation (NM-9, NM-11)."""
