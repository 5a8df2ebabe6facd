"""Explain and what-if: any rules of any version on given facts; nothing is stored (P4)."""
