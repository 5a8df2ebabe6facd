"""The four services: recruitment, roster, assessment, training. None imports another."""
