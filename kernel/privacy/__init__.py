"""Personal data: keys per person, encrypted fields, blind indexes, masks and sensitive identifiers."""
