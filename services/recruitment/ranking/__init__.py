"""The ranking (排名): reproducible from the record, ties explained, and whose turn a place is (NM-8, NM-10)."""
