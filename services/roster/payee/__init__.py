"""What a pay slip needs to know of each worker: wage base, deductions of income tax, bank account (O6)."""
