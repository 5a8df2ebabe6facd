"""Results of training, as they count in an assessment (SH-27)."""
