"""Secondment (借调) of a community worker to the township: applied for, approved, ended by itself (NM-24)."""
