"""Appeals against a grade, reviewed by people who did not score (S5; ours)."""
