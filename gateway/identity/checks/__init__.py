"""Codes by message: the phone check of who registers, and the reset of a forgotten password."""
