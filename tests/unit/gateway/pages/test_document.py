"""The merged API document: every process's operations, none of its schemas mistaken for another's."""

from typing import Any

from gateway.pages.document import merge

ISSUER = "https://example.test"


def reference(name: str) -> dict[str, str]:
    """As OpenAPI refers to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def part(service: str, schemas: dict[str, Any], *, audience: str = "official", answers: str = "View") -> dict[str, Any]:
    """One process's document with one operation."""
    operation = {
        "operationId": f"{service}_get",
        "x-audience": audience,
        "responses": {"200": {"content": {"application/json": {"schema": reference(answers)}}}},
    }
    return {"paths": {f"/api/v1/{service}/things": {"get": operation}}, "components": {"schemas": schemas}}


def answer_of(merged: dict[str, Any], path: str) -> dict[str, Any]:
    """The schema of the operation's answer, references followed."""
    schema = merged["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return resolved(merged, schema)


def resolved(merged: dict[str, Any], schema: Any) -> Any:
    """A schema with its references replaced by what they name."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return resolved(merged, merged["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        return {name: resolved(merged, value) for name, value in schema.items()}
    return schema


def test_equal_schemas_of_two_processes_are_one() -> None:
    problem = {"View": {"type": "object"}}
    merged = merge({"roster": part("roster", problem), "training": part("training", problem)}, ISSUER)
    assert merged["components"]["schemas"] == problem


def test_different_schemas_of_one_name_are_kept_apart() -> None:
    parts = {service: part(service, {"View": {"title": service}}) for service in ("recruitment", "roster", "training")}
    merged = merge(parts, ISSUER)
    assert set(merged["components"]["schemas"]) == {"View", "roster_View", "training_View"}
    for service in parts:
        assert answer_of(merged, f"/api/v1/{service}/things") == {"title": service}


def test_a_schema_that_refers_to_a_different_one_is_different_itself() -> None:
    parts = {
        service: part(
            service,
            {
                "Page": {"properties": {"items": reference("Shelf")}},
                "Shelf": {"properties": {"things": reference("View")}},
                "View": {"title": service},
            },
            answers="Page",
        )
        for service in ("recruitment", "roster", "training")
    }
    merged = merge(parts, ISSUER)
    for service in parts:
        shown = answer_of(merged, f"/api/v1/{service}/things")
        assert shown["properties"]["items"]["properties"]["things"] == {"title": service}


def test_names_that_begin_alike_are_not_mistaken() -> None:
    parts = {
        "roster": part("roster", {"View": {"title": "r"}, "ViewMore": {"title": "same"}}),
        "training": part("training", {"View": {"title": "t"}, "ViewMore": {"title": "same"}}, answers="ViewMore"),
    }
    merged = merge(parts, ISSUER)
    assert set(merged["components"]["schemas"]) == {"View", "training_View", "ViewMore"}
    assert answer_of(merged, "/api/v1/training/things") == {"title": "same"}


def test_public_operations_stand_under_the_tenants_name_without_sign_in() -> None:
    merged = merge({"recruitment": part("recruitment", {"View": {}}, audience="public")}, ISSUER)
    assert list(merged["paths"]) == ["/public/{tenant}/recruitment/things"]
    operation = merged["paths"]["/public/{tenant}/recruitment/things"]["get"]
    assert operation["security"] == []
    assert operation["parameters"][0] | {"description": ""} == {
        "name": "tenant",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
        "description": "",
    }


def test_other_operations_need_the_sign_in_that_is_described() -> None:
    merged = merge({"roster": part("roster", {"View": {}})}, ISSUER)
    assert merged["paths"]["/api/v1/roster/things"]["get"]["security"] == [{"signIn": ["openid"]}]
    flow = merged["components"]["securitySchemes"]["signIn"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == f"{ISSUER}/oauth/authorize"
    assert merged["servers"] == [{"url": ISSUER}]


def test_merging_leaves_the_parts_as_they_were() -> None:
    parts = {service: part(service, {"View": {"title": service}}, audience="public") for service in ("a", "b")}
    before = repr(parts)
    assert merge(parts, ISSUER) == merge(parts, ISSUER)
    assert repr(parts) == before
