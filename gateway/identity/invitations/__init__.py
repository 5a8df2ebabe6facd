"""One-time links: how a user whom somebody else made gets a first password."""
