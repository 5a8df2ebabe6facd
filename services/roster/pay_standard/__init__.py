"""The pay standard that an office makes with others (会同), in force as local parameters (NM-16)."""
