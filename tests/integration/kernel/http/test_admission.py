"""The second wall: a service believes nobody without a principal, and looks at the permission itself."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from kernel.access import principal
from kernel.ids import new_id
from kernel.testing.tree import PUBLIC, person
from tests.integration.kernel.http.conftest import Desk
from tests.integration.kernel.http.notes import PATH, READ


async def ask(desk: Desk, header: str | None, path: str = PATH) -> int:
    """The status of a GET with that principal."""
    headers = {principal.HEADER: header} if header is not None else {}
    return (await desk.tenant.service.http.get(path, headers=headers)).status_code


def forged(desk: Desk, **changes: Any) -> str:
    """A principal signed with the right key, some of its members changed."""
    service = desk.tenant.service
    signed = desk.tenant._principal(desk.viewer, "GET", PATH, "en")
    right = principal.verify(
        signed, service.app.state.principal_key, service="probe", method="GET", path=PATH, now=time.time()
    )
    return principal.sign(msgspec.structs.replace(right, **changes), service.app.state.principal_key)


async def test_a_call_past_the_gateway_is_refused(desk: Desk) -> None:
    answer = await desk.tenant.get(None, PATH)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_right_principal_is_let_in(desk: Desk) -> None:
    assert await ask(desk, forged(desk)) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"service": "roster"},
        {"method": "POST"},
        {"path": PATH + "/"},
        {"issued_at": 0.0},
        {"issued_at": 4e9},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_principal_made_for_another_request_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    assert await ask(desk, forged(desk, **changes)) == 401


@pytest.mark.parametrize("value", ["", "x", "é", "A" * 44, "A" * 5000])
async def test_rubbish_is_no_principal(desk: Desk, value: str) -> None:
    headers = {principal.HEADER: value.encode("latin-1")}
    assert (await desk.tenant.service.http.get(PATH, headers=headers)).status_code == 401


async def test_a_path_that_is_not_ascii_is_refused_not_stumbled_over(desk: Desk) -> None:
    assert await ask(desk, forged(desk), f"{PATH}/é") == 401


async def test_a_principal_for_another_permission_is_refused(desk: Desk) -> None:
    assert await ask(desk, forged(desk, permission="probe.note.write")) == 403
    assert await ask(desk, forged(desk, permission="")) == 403


async def test_the_grants_of_the_pack_are_looked_at_again(desk: Desk) -> None:
    refused = await desk.tenant.post(desk.viewer, PATH, {"title": "no"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert await ask(desk, forged(desk, duty="approver")) == 403
    assert await ask(desk, forged(desk, department_kind="organization")) == 403
    assert await ask(desk, forged(desk, level="province")) == 403


async def test_a_person_and_the_public_hold_no_permission_of_officials(desk: Desk) -> None:
    for caller in (person(), PUBLIC):
        assert (await desk.tenant.get(caller, PATH)).status_code == 403


async def test_a_tenant_without_a_regulation_grants_nothing(desk: Desk) -> None:
    assert await ask(desk, forged(desk, tenant=new_id().bytes)) == 403


async def test_a_foreign_record_answers_like_a_missing_one(desk: Desk, other_desk: Desk) -> None:
    theirs = (await other_desk.tenant.post(other_desk.handler, PATH, {"title": "theirs"})).json()["id"]
    siblings = (await desk.tenant.post(desk.sibling, PATH, {"title": "sibling's"})).json()["id"]
    answers = []
    for note in (UUID(theirs), UUID(siblings), new_id(), uuid4()):
        path = f"{PATH}/{note}"
        read = await desk.tenant.get(desk.handler, path)
        change = await desk.tenant.call(desk.handler, "PATCH", path, {"title": "mine"}, version=1)
        for answer in (read, change):
            assert answer.status_code == 404
            masked = answer.text.replace(answer.json()["instance"], "")
            kept = {name: value for name, value in answer.headers.items() if name != "date"}
            answers.append((masked, kept))
    assert all(answer == answers[0] for answer in answers)
    # Control: each of them is there for who may see it, unchanged.
    for where, caller, note in ((other_desk, other_desk.handler, theirs), (desk, desk.sibling, siblings)):
        read = await where.tenant.get(caller, f"{PATH}/{note}")
        assert (read.status_code, read.json()["version"]) == (200, 1)


async def test_the_language_of_the_principal_is_that_of_the_problem(desk: Desk) -> None:
    chinese = await desk.tenant.get(desk.handler, f"{PATH}/{new_id()}", language="zh")
    english = await desk.tenant.get(desk.handler, f"{PATH}/{new_id()}", language="en")
    assert (chinese.json()["title"], english.json()["title"]) == ("记录不存在", "No such record")
    assert READ.name not in chinese.text


async def test_a_wider_scope_than_the_post_is_what_the_principal_says_not_the_body(desk: Desk) -> None:
    wide = replace(desk.handler, scope=desk.sibling.scope)
    note = (await desk.tenant.post(desk.sibling, PATH, {"title": "sibling's"})).json()["id"]
    assert (await desk.tenant.get(wide, f"{PATH}/{note}")).status_code == 200
    # Written for a unit outside the scope: the place does not exist.
    outside = await desk.tenant.post(wide, PATH, {"title": "outside"})
    assert outside.status_code == 404
