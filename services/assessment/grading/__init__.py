"""From scores to grades: composition, cap of the top grade, confirmation, sealing, years failed (NM-28, NM-37(2))."""
