"""Every operation that the services and the gateway declare, walked from their routers without starting anything."""

import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from fastapi import APIRouter
from fastapi.routing import APIRoute

from deploy.cli.supervisor.applications import importing
from gateway.edge.admission import OPEN_PATHS, OPEN_PREFIXES
from kernel.access.permission import declared
from kernel.http.router import Router
from kernel.http.service import Service

Kind = TypeVar("Kind")
HOMES = ("services.", "gateway.")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API: who serves it, how it is asked, the permission it needs, the articles it serves."""

    service: str
    method: str
    path: str
    id: str
    permission: str
    articles: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


def every_operation() -> list[Operation]:
    """The operations of every process, those of the development profile too; by path and method.

    One without a permission has an empty one. A page that the edge lets in without asking anybody (sign-in, API
    document) is no operation; any other route beside the routers is one, without a permission.
    """
    deque(importing(), maxlen=0)
    routers = {id(router): router for router in found(Router)}
    for service in found(Service):
        routers |= {id(router): router for router in service.routers}
    owned = {id(router.api) for router in routers.values()}
    made = [_operation(router.service, route) for router in routers.values() for route in _routes(router.api)]
    strays = (route for router in found(APIRouter) if id(router) not in owned for route in _routes(router))
    made += [_operation("gateway", route) for route in strays if not _is_open(route.path)]
    return sorted(set(made), key=lambda each: (each.path, each.method))


def found(kind: type[Kind]) -> Iterator[Kind]:
    """What the modules of services and gateway, once imported, have of a kind."""
    for name, module in sys.modules.copy().items():
        if name.startswith(HOMES):
            yield from (value for value in vars(module).values() if isinstance(value, kind))


def _routes(router: APIRouter) -> Iterator[APIRoute]:
    return (route for route in router.routes if isinstance(route, APIRoute))


def _operation(service: str, route: APIRoute) -> Operation:
    extra = route.openapi_extra or {}
    name = str(extra.get("x-permission") or "")
    return Operation(
        service,
        "/".join(sorted(route.methods or ())),
        route.path,
        route.operation_id or route.name,
        name if name in declared() else "",
        tuple(extra.get("x-articles", ())),
    )


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)
