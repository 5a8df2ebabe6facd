"""Roster (花名册): who works where, under which contract, since when on duty."""
