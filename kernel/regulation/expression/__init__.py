"""Conditions in CEL, bounded by shape before the library sees them (architecture: Regulation packs).

The library has no types, no cost bound and cannot be interrupted, so every expression is first read by a
small parser of the allowed subset, typed against the declared facts, and tried on generated facts. Only then
is it compiled.
"""

from kernel.regulation.expression.compiled import Expression, Room, prepare
from kernel.regulation.expression.limits import ExpressionRefused
from kernel.regulation.expression.types import FactKind, FactType, Plain, Value

__all__ = ["Expression", "ExpressionRefused", "FactKind", "FactType", "Plain", "Room", "Value", "prepare"]
