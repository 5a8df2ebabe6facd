"""What workers cost, by cost, level and payer: this year's budget and actual, and next year's need (NM-4, SH-15)."""
