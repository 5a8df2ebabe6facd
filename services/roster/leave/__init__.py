"""Leave (请销假): asked for, approved, returned from; the balance of annual leave (NM-27; State Council Order 514)."""
