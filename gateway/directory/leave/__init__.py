"""An official's leave (请假、休假) by days, and who stands in for each of their posts meanwhile (T3, A6)."""
