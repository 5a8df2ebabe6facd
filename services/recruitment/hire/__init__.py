"""Hire (聘用): the list made public, the decision, the news for roster (NM-8, NM-12)."""
