"""The read model of units, posts and packs in force; in every service's database, filled by directory's events."""
