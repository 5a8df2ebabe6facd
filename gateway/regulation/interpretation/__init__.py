"""Interpretations of articles by the organ that the regulation names (解释, P9)."""
