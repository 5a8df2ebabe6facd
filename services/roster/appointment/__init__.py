"""Posts that a worker holds in time, with their role, and the years of service that follow (NM-3, NM-7, NM-23)."""
