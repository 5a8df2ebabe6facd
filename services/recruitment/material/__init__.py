"""Documents of applicants (报名材料): handed in, asked for with a deadline, read by applicant and reviewers (NM-8)."""
