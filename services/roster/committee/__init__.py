"""Composition of the two committees (SH-4): seats, cross-appointments, those outside, and the statute beside it."""
