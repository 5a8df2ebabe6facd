"""Files handed in or given out: contents sealed in an object store, what they are in the database (R4, T11)."""
