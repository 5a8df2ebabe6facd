"""The route table as a tree of path segments: the lookup costs the number of segments, not of routes."""

from collections.abc import Iterable

from gateway.edgefeed.changes import Route


class _Node:
    __slots__ = ("literal", "methods", "parameter")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.methods: dict[str, Route] = {}


class RouteTable:
    """All operations of all processes. A literal segment wins over a parameter, as far as it leads
    somewhere."""

    __slots__ = ("_root",)

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literal.setdefault(segment, _Node())
        node.methods[route.method] = route

    def methods(self, path: str) -> dict[str, Route]:
        """The operations at `path` (decoded, normalised), by method; empty when there is no such path."""
        return _walk(self._root, path.split("/"), 1)


def _walk(node: _Node, segments: list[str], at: int) -> dict[str, Route]:
    while at < len(segments):
        segment = segments[at]
        at += 1
        literal = node.literal.get(segment)
        parameter = node.parameter if segment else None
        if literal is not None and parameter is not None:
            return _walk(literal, segments, at) or _walk(parameter, segments, at)
        node = literal or parameter  # type: ignore[assignment]  # None is looked at next
        if node is None:
            return {}
    return node.methods
