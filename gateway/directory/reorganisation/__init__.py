"""Changes of the tree of units on a day: create, rename, move, merge, split, close; and what it was on a day (T2)."""
