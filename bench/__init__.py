"""Measurements, each with what it is compared with."""
