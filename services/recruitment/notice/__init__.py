"""The notice (招聘公告): published, corrected by new revisions, never overwritten (NM-8)."""
