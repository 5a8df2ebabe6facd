"""The payroll of a township and month: computed, approved, paid once, explained line by line (O6, SH-15, SH-16)."""
