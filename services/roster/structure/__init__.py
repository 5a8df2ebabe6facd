"""How a community is organised: who works where (SH-9, SH-10), what each place does, and the public page of it."""
