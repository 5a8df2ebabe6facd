"""Tests of mutants of packs."""
