"""Evaluation of national rules over the dated tables of the national layer: code holds the method, data the figures."""
