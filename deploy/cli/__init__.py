"""The `shegong` command; one module per group of words, `main` only puts them together."""
