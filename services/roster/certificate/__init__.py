"""Professional certificates: entered with their document, verified for a period, the ground of allowances (L6)."""
