"""Training (培训): hours owed, classes held, and a ledger of hours that never loses or doubles a credit."""
