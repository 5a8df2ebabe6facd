"""The exam (笔试与面试): admission tickets, attendance, imported scores, who enters the interview (NM-8)."""
