"""The recruitment plan (招聘方案): who wants how many people for which communities (NM-8)."""
