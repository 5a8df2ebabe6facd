"""One key, one effect, one answer (reliability.md, case 24)."""

import asyncio

import httpx
import pytest
from sqlalchemy import func
from sqlmodel import col, select

from kernel.http.idempotency import IdempotencyRow
from kernel.ids import new_id
from tests.integration.kernel.http.conftest import Desk
from tests.integration.kernel.http.notes import PATH
from tests.integration.kernel.made_up import Note


async def titles(desk: Desk) -> list[str]:
    """What is stored."""
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        return list((await tx.session.execute(select(col(Note.title)).order_by(col(Note.title)))).scalars())


async def keys(desk: Desk) -> int:
    """How many keys are stored."""
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        found = await tx.session.execute(select(func.count()).select_from(IdempotencyRow))
        return int(found.scalar_one())


async def test_fifty_parallel_requests_with_one_key_have_one_effect_and_equal_answers(desk: Desk) -> None:
    key = str(new_id())
    answers: list[httpx.Response] = await asyncio.gather(
        *(desk.tenant.post(desk.handler, PATH, {"title": "once"}, key=key) for _ in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    for header in ("location", "etag", "content-type", "cache-control"):
        assert len({answer.headers[header] for answer in answers}) == 1, header
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 49
    assert await titles(desk) == ["once"]


async def test_a_key_used_with_another_body_is_refused(desk: Desk) -> None:
    key = str(new_id())
    await desk.tenant.post(desk.handler, PATH, {"title": "once"}, key=key)
    other = await desk.tenant.post(desk.handler, PATH, {"title": "twice"}, key=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-mismatch")
    assert await titles(desk) == ["once"]


async def test_a_missing_key_is_refused_before_anything_is_done(desk: Desk) -> None:
    for key in ("", " ", "é" * 3, "x" * 201):
        headers = {
            "Idempotency-Key": key.encode("latin-1"),
            "Shegong-Principal": desk.tenant._principal(desk.handler, "POST", PATH, "en"),
        }
        sent = {name: value for name, value in headers.items() if value}
        answer = await desk.tenant.service.http.post(PATH, json={"title": "never"}, headers=sent)
        assert answer.status_code == (201 if key == " " else 400), key
    assert len(await titles(desk)) == 1


async def test_a_failure_behind_the_effect_leaves_neither_effect_nor_key_nor_value_in_the_log(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    key, secret = str(new_id()), "990101198501010010"
    failed = await desk.tenant.post(desk.handler, f"{PATH}/crashing", {"title": secret}, key=key)
    logged = "".join(capfd.readouterr())
    assert "RuntimeError" in logged
    assert "crash_behind_the_effect" in logged
    assert secret not in logged
    assert "a bug behind" not in logged, "an error's text may repeat a value"
    assert failed.status_code == 500
    assert failed.json()["type"] == "/problems/internal"
    assert "bug behind" not in failed.text
    assert await titles(desk) == []
    assert await keys(desk) == 0


async def test_the_same_key_of_another_actor_or_tenant_or_operation_is_another_key(
    desk: Desk, other_desk: Desk
) -> None:
    key = str(new_id())
    for where, caller, path, body in (
        (desk, desk.handler, PATH, {"title": "first"}),
        (desk, desk.sibling, PATH, {"title": "first"}),
        (other_desk, other_desk.handler, PATH, {"title": "first"}),
        (desk, desk.handler, "/api/v1/probe/series", None),
    ):
        answer = await where.tenant.post(caller, path, body, key=key)
        assert answer.status_code == 201, answer.text
        assert "idempotency-replayed" not in answer.headers
    assert await titles(desk) == ["first", "first"]
    assert await titles(other_desk) == ["first"]


async def test_an_invalid_body_leaves_neither_effect_nor_key(desk: Desk) -> None:
    key = str(new_id())
    invalid = await desk.tenant.post(desk.handler, PATH, {"title": "", "tenant_id": str(new_id())}, key=key)
    assert invalid.status_code == 422
    assert {error["pointer"] for error in invalid.json()["errors"]} == {"/title", "/tenant_id"}
    assert (await titles(desk), await keys(desk)) == ([], 0)
    corrected = await desk.tenant.post(desk.handler, PATH, {"title": "right"}, key=key)
    assert corrected.status_code == 201


async def test_a_value_that_no_column_holds_is_the_callers_to_correct(desk: Desk) -> None:
    for body in ({"title": "nul \u0000 inside"}, {"title": "large", "number": 2**40}):
        answer = await desk.tenant.post(desk.handler, PATH, body)
        assert answer.status_code == 422, answer.text
    assert await titles(desk) == []
