"""The residents' survey (居民测评): one-time anonymous tokens, answers that nobody can tie to a person (S3)."""
