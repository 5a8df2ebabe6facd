"""Everything a pack must satisfy beyond its types, found all at once before anything comes into force (P1)."""

from collections.abc import Iterator

from kernel.regulation.checking.citations import citation_faults
from kernel.regulation.checking.conditions import condition_faults
from kernel.regulation.checking.references import reference_faults
from kernel.regulation.checking.values import value_faults
from kernel.regulation.faults import Fault
from kernel.regulation.reading import Source
from kernel.regulation.schema import PackDocument


def check(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """Faults of the pack's own members, read together with what it inherits."""
    yield from condition_faults(effective, own, source)
    yield from reference_faults(effective, own, source)
    yield from value_faults(effective, own, source)
    yield from citation_faults(own, source)


__all__ = ["check"]
