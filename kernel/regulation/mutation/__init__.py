"""Mutants of a pack: each of its numbers, bounds, strictness and orders changed, one at a time, in memory.

What no case and no test notices is either a figure that nothing reads or one that stands in Python as well, so every
survivor is listed beside the pack with the reason why it may.
"""

from kernel.regulation.mutation.mutants import Mutant, mutants
from kernel.regulation.mutation.proof import Proof, Verdict
from kernel.regulation.mutation.survivors import Survivors

__all__ = ["Mutant", "Proof", "Survivors", "Verdict", "mutants"]
