"""The end of a worker's time: contract, duty and posts end together, on their day, once (NM-29, NM-30, NM-37)."""
