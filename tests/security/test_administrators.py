"""System, security and audit administrator kept apart (三员分立, GB/T 22239-2019 8.1.5; T5), on the whole platform.

Each of them asks for every operation that the matrix does not give them, as the merged API document lists them: what is
another's, and every look into a service. All is refused before it is read, and all of it stands in the audit.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.cli.demo.cast import Tenant
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.matrix import Matrix, Seat
from deploy.cli.operations import every_operation
from deploy.cli.permissions import matrices_of
from deploy.cli.stack.testing import RunningStack
from kernel.config import SERVICES
from tests.security.story_requests import claims
from tests.tenants import add_tenant

ADMINISTRATORS = {"admin.system": "system_admin", "admin.security": "security_admin", "admin.audit": "audit_admin"}
BEGINS = datetime(2024, 9, 2, 1, tzinfo=UTC)
DAY = "2024-09-02"
METHODS = ("get", "post", "put", "patch", "delete")
Asked = tuple[str, str, str]
"""Method, path of the document, permission."""


@pytest.fixture(scope="module")
def tenant(stack: RunningStack) -> Iterator[Tenant]:
    made = Tenant(stack.base_url, add_tenant(stack, "apart", BEGINS))
    yield made
    made.close()


@pytest.fixture(scope="module")
def document(stack: RunningStack) -> dict[str, Any]:
    read: dict[str, Any] = httpx.get(f"{stack.base_url}/openapi.json", trust_env=False).json()
    return read


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return next(each for each in matrices_of() if each.id == "neimenggu")


def of_officials(document: dict[str, Any]) -> Iterator[Asked]:
    """Every operation that a post may be granted, or a person alone may ask."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and item[method]["x-audience"] in ("official", "person", "client"):
                yield method.upper(), path, item[method]["x-permission"]


def not_theirs(document: dict[str, Any], matrix: Matrix, kind: str) -> Iterator[Asked]:
    seat = Seat(kind, "region", "handler")
    return (asked for asked in of_officials(document) if seat not in matrix.seats.get(asked[2], frozenset()))


def ask(session: Session, method: str, path: str) -> httpx.Response:
    """With ids of nothing and an empty body: every operation that takes one has required members."""
    address = re.sub(r"\{[^}]+\}", str(uuid.uuid4()), path).removeprefix("/api/v1")
    return session.call(method, address, None if method == "GET" else {}, version=1 if method != "POST" else None)


def test_the_merged_document_shows_the_one_permission_of_every_operation(document: dict[str, Any]) -> None:
    shown = {
        (method.upper(), path): item[method].get("x-permission")
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item and path.startswith("/api/v1/")
    }
    declared = {(each.method, each.path): each.permission for each in every_operation()}
    # What needs no token stands in the merged document under its public address.
    assert {key: shown.get(key, declared[key]) for key in declared} == declared
    assert not shown.keys() - declared.keys() - {("GET", "/api/v1/labels")}
    public = [item for path, item in document["paths"].items() if path.startswith("/public/")]
    assert public
    assert all(item[method]["x-permission"] for item in public for method in METHODS if method in item)


def test_what_is_another_administrators_is_refused_and_audited(
    tenant: Tenant, document: dict[str, Any], matrix: Matrix
) -> None:
    tried: set[tuple[str, str, str]] = set()
    for user_name, kind in ADMINISTRATORS.items():
        session = tenant[user_name]
        user = str(claims(session)["sub"])
        for method, path, permission in not_theirs(document, matrix, kind):
            answer = ask(session, method, path)
            seen = (answer.status_code, answer.json()["type"])
            assert seen == (403, "/problems/forbidden"), (user_name, method, path, permission)
            tried.add((user, method, path))
    others = [set(of_officials(document)) - set(not_theirs(document, matrix, kind)) for kind in ADMINISTRATORS.values()]
    assert all(others), "each of them has rights, which the other two were refused"
    services = {path.split("/")[3] for _, path, _ in of_officials(document)} & set(SERVICES)
    assert services == set(SERVICES)
    await_all(tried, tenant["admin.audit"])


def test_the_matrix_gives_each_administrator_what_it_says(
    tenant: Tenant, document: dict[str, Any], matrix: Matrix
) -> None:
    """Else the refusals would prove nothing."""
    for user_name, kind in ADMINISTRATORS.items():
        refused = set(not_theirs(document, matrix, kind))
        for method, path, permission in set(of_officials(document)) - refused:
            answer = ask(tenant[user_name], method, path)
            assert answer.status_code not in (401, 403), (user_name, method, path, permission)
            assert answer.status_code < 500, (user_name, method, path, answer.text)


def test_no_administrator_holds_a_right_in_a_service(document: dict[str, Any], matrix: Matrix) -> None:
    """So none of them reads a dossier; that each is refused, the walk above has shown."""
    for kind in ADMINISTRATORS.values():
        refused = set(not_theirs(document, matrix, kind))
        assert not [asked for asked in set(of_officials(document)) - refused if asked[1].split("/")[3] in SERVICES]


def test_nobody_gives_himself_a_post(tenant: Tenant) -> None:
    session = tenant["admin.security"]
    myself = str(claims(session)["sub"])
    units = session.get("/directory/units", limit="200").json()["items"]
    tried = 0
    for unit in units[:4]:
        for department in session.get(f"/directory/units/{unit['id']}/departments").json():
            wish = {"user_id": myself, "department_id": department["id"], "duty": "handler", "valid_from": DAY}
            answer = session.post("/directory/posts", wish)
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-refused"), department
            assert answer.json()["article"] == "GB/T 22239-2019 8.1.5"
            tried += 1
    assert tried > len(ADMINISTRATORS)


def test_nobody_gives_himself_another_post_of_his_own_kind(tenant: Tenant) -> None:
    """A second post of security administration mixes nothing; it is refused for being one's own doing alone."""
    session = tenant["admin.security"]
    top = session.get("/directory/units", limit="1").json()["items"][0]
    departments = session.get(f"/directory/units/{top['id']}/departments").json()
    mine = next(each for each in departments if each["kind"] == "security_admin")
    wish = {"department_id": mine["id"], "duty": "approver", "valid_from": DAY}
    refused = session.post("/directory/posts", {**wish, "user_id": str(claims(session)["sub"])})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    # For somebody else it is given: there is no second signature, and the audit says who gave it.
    other = session.post("/directory/users", {"user_name": "second.security", "display_name": "安全管理员二"}).json()
    given = session.post("/directory/posts", {**wish, "user_id": other["id"]})
    assert given.status_code == 201, given.text
    wait_for(
        lambda: [
            entry
            for entry in entries(tenant["admin.audit"], "directory.post.given")
            if entry["entry"]["subject_id"] == given.json()["id"]
            and entry["entry"]["user_id"] == str(claims(session)["sub"])
        ],
        "who gave the post",
    )


def await_all(tried: set[tuple[str, str, str]], auditor: Session) -> None:
    """Wait until every refusal stands in the audit; they come in batches, and as long as they come it is waited."""
    left = tried
    while left:
        known = left

        def fewer(known: set[tuple[str, str, str]] = known) -> tuple[set[tuple[str, str, str]]] | None:
            missing = known - set(refusals(auditor))
            return (missing,) if len(missing) < len(known) else None

        (left,) = wait_for(fewer, f"{len(left)} of {len(tried)} refusals in the audit, {sorted(left)[0]}")


def refusals(auditor: Session) -> Iterator[tuple[str, str, str]]:
    """User, method and path of everything the edge refused."""
    for each in entries(auditor, "edge.refused"):
        entry = each["entry"]
        yield entry["user_id"], entry["facts"]["method"], entry["facts"]["path"]


def entries(auditor: Session, action: str) -> Iterator[dict[str, Any]]:
    """All audit entries of an action, newest first."""
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = auditor.get("/audit/entries", action=action, limit="200", **more).json()
        yield from page["items"]
        cursor = page["next"]
