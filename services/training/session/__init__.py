"""Training classes (培训班次)."""
