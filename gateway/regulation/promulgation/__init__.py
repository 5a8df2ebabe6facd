"""A new version of the regulation: handed in as a draft, checked, published by the organ it names as issuer (P6)."""
