"""Assessment (考核): the yearly and probation assessment; its features follow, its house stands."""
