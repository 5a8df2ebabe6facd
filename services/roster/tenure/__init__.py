"""Unbroken work for one employer, and what the law asks of its contracts (LCL-10, LCL-14, LCL-82)."""
