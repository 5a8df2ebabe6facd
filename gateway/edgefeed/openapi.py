"""The route table of one process, read from the OpenAPI document that it serves (T5, T8).

Every operation carries `x-permission`, `x-audience`, `x-body-limit` (bytes) and `x-deadline` (seconds).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.edgefeed.changes import Route, RoutesSet

METHODS = ("get", "post", "put", "patch", "delete")


class UndeclaredOperation(ValueError):
    """An operation lacks one of the members by which the edge guards it."""


def routes_of(service: str, document: Mapping[str, Any]) -> RoutesSet:
    """The operations of `document` as the edge knows them.

    Raises: `UndeclaredOperation` naming method, path and member; an operation without a permission must not
    become reachable by accident.
    """
    routes = []
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method not in item:
                continue
            declared = {
                "service": service,
                "method": method.upper(),
                "path": path,
                "permission": item[method].get("x-permission"),
                "audience": item[method].get("x-audience"),
                "body_limit": item[method].get("x-body-limit"),
                "deadline": item[method].get("x-deadline"),
            }
            try:
                routes.append(msgspec.convert(declared, Route))
            except msgspec.ValidationError as error:
                raise UndeclaredOperation(f"{method.upper()} {path}: {error}") from error
    return RoutesSet(service=service, routes=tuple(routes))
