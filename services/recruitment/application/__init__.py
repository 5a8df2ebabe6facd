"""Sign-up (报名): one person, one notice, until the minute it closes (NM-8)."""
