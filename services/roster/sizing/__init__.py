"""Size of a community (户数): households as recorded, and the posts that a norm by size allows (SH-5)."""
