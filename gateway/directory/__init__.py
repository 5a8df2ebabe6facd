"""Directory: tenants, their units, departments, posts and users (T1–T3, T12)."""
