"""Results of elections to the two committees, by-elections for a vacancy, and what office asks (NM-7, SH-6, SH-7)."""
