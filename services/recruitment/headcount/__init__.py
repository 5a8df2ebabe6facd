"""What recruitment knows of headcount: roster's numbers, so that a plan for too many posts is refused at once (R1)."""
