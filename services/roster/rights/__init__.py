"""The rights of workers, each with the record that honours it; what is missing is raised (NM-15, SH-17)."""
