"""The ledger of class hours (学时台账)."""
