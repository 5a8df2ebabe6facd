"""Staffing (配备): population and ceiling of a league, totals of counties, numbers per community (NM-5, NM-6)."""
