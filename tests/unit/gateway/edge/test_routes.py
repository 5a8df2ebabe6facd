import pytest

from gateway.edge.routes import RouteTable
from gateway.edgefeed.openapi import UndeclaredOperation, routes_of

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


def test_the_table_is_read_from_the_openapi_document() -> None:
    operation = {"x-permission": "p", "x-audience": "person", "x-body-limit": 10, "x-deadline": 2}
    table = routes_of("a", {"paths": {"/api/v1/a/x/{id}": {"get": operation, "parameters": []}}})
    assert table.routes == (
        route("GET", "/api/v1/a/x/{id}", "p", service="a", audience="person", body_limit=10, deadline=2.0),
    )


@pytest.mark.parametrize("missing", ["x-permission", "x-audience", "x-body-limit", "x-deadline"])
def test_an_operation_that_declares_too_little_stops_the_table(missing: str) -> None:
    operation = {"x-permission": "p", "x-audience": "person", "x-body-limit": 10, "x-deadline": 2}
    del operation[missing]
    with pytest.raises(UndeclaredOperation, match="GET /api/v1/a/x"):
        routes_of("a", {"paths": {"/api/v1/a/x": {"get": operation}}})
