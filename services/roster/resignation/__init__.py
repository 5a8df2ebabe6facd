"""Resignation in writing to the township; for contract workers by statute without approval (NM-29, LCL-37)."""
