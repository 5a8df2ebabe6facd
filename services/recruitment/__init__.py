"""Recruitment: plan, notice, sign-up, qualification, selection, hire (NM-8 to NM-12)."""
