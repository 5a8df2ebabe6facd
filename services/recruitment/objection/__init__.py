"""Objections (异议) in writing against a hire made public: recorded, answered, before anything is decided (NM-8)."""
