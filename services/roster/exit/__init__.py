"""Exit on the grounds of NM-37: opened, reasons served, answer heard, decided; it waits for tolerance (NM-36)."""
