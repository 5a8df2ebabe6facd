"""Growth and honours of workers: Party development, deputies and delegates, commendations (NM-33 to NM-35, SH-19)."""
