"""The method of assessment that a level sets for itself (考核办法, NM-28; P7)."""
