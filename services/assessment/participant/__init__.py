"""Who is in post where, as roster tells it: the read model from which participants are chosen (S2)."""
