"""`shegong data generate`: made-up workers with whole histories, in the four services alike, at any size.

Names and codes of leagues and counties are real (`regulations/*/divisions.yaml`); all below them and every person is
made up, identity numbers lie in the region codes 99…. Which people there are follows from the seed alone.
"""
