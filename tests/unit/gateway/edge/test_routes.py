from typing import Any

import pytest

from gateway.edge.routes import RouteTable
from gateway.edgefeed.operations import UndeclaredOperation, routes_of

from .factory import route

TABLE = RouteTable(
    [
        route("GET", "/api/v1/a/things", "list"),
        route("POST", "/api/v1/a/things", "make"),
        route("GET", "/api/v1/a/things/{thing_id}", "one"),
        route("GET", "/api/v1/a/things/due", "due"),
        route("GET", "/api/v1/a/things/{thing_id}/lines", "lines"),
        route("GET", "/api/v1/a/things/due/dates/{day}", "dates"),
    ]
)


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("/api/v1/a/things", "list"),
        ("/api/v1/a/things/7", "one"),
        ("/api/v1/a/things/due", "due"),
        ("/api/v1/a/things/7/lines", "lines"),
        ("/api/v1/a/things/due/lines", "lines"),
        ("/api/v1/a/things/due/dates/2024-01-01", "dates"),
    ],
)
def test_a_literal_wins_over_a_parameter_as_far_as_it_leads(path: str, permission: str) -> None:
    assert TABLE.methods(path)["GET"].permission == permission


@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1/a", "/api/v1/a/things/", "/api/v1/a/things/7/", "/api/v1/a/things/7/lines/1", "/API/v1/a/things"],
)
def test_what_no_operation_has_is_not_found(path: str) -> None:
    assert TABLE.methods(path) == {}


def test_all_methods_of_a_path_are_known() -> None:
    assert set(TABLE.methods("/api/v1/a/things")) == {"GET", "POST"}


OPERATION: dict[str, Any] = {
    "method": "GET",
    "path": "/api/v1/a/x/{id}",
    "permission": "p",
    "audience": "person",
    "body_limit": 10,
    "deadline": 2,
}


def test_the_table_is_made_of_the_published_operations() -> None:
    assert routes_of("a", [OPERATION]).routes == (
        route("GET", "/api/v1/a/x/{id}", "p", service="a", audience="person", body_limit=10, deadline=2.0),
    )


@pytest.mark.parametrize("missing", ["permission", "audience", "body_limit", "deadline"])
def test_an_operation_that_declares_too_little_stops_the_table(missing: str) -> None:
    without = {name: value for name, value in OPERATION.items() if name != missing}
    for operation in (without, without | {missing: None}):
        with pytest.raises(UndeclaredOperation, match="GET /api/v1/a/x"):
            routes_of("a", [operation])
