"""The route table of one process, from the operations that it publishes (T5, T8).

Every operation declares its permission, its audience, a limit of the body (bytes) and a deadline (seconds).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway.edgefeed.changes import Route, RoutesSet


class UndeclaredOperation(ValueError):
    """An operation lacks one of the members by which the edge guards it."""


def routes_of(service: str, operations: Iterable[Mapping[str, Any]]) -> RoutesSet:
    """The operations as the edge knows them.

    Raises: `UndeclaredOperation` naming method, path and member; an operation without a permission must not
    become reachable by accident.
    """
    routes = []
    for operation in operations:
        try:
            routes.append(msgspec.convert({"service": service, **operation}, Route))
        except msgspec.ValidationError as error:
            raise UndeclaredOperation(f"{operation.get('method')} {operation.get('path')}: {error}") from error
    return RoutesSet(service=service, routes=tuple(routes))
