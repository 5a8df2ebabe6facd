"""Hours a person owes (培训要求, NM-20)."""
