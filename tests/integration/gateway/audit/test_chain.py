"""What is done is chained by the projection; a row changed past the program is named (T10)."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from deploy.cli.stack.testing import TestStack
from kernel.db.transaction import Transaction
from kernel.errors import Problem
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town, until

FACTS: dict[str, Any] = {
    "amount": "12.50",
    "share": 0.1,
    "large": 2**53,
    "none": None,
    "yes": True,
    "words": '内蒙古 "quoted" \\ \n',
    "several": [1, {"deep": -1.5}],
}


@pytest.fixture(scope="module")
async def superuser(infrastructure: TestStack) -> AsyncIterator[asyncpg.Connection]:
    url = infrastructure.urls.database.rpartition("/")[0] + "/shegong_gateway"
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def verification(town: Town) -> dict[str, Any]:
    """The verdict as the audit administrator gets it."""
    answer = await town.tenant.get(town.auditor, "/api/v1/audit/verification")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def entries(town: Town, **query: str) -> list[dict[str, Any]]:
    """The newest entries."""
    answer: httpx.Response = await town.tenant.get(town.auditor, "/api/v1/audit/entries", query=query)
    return list(answer.json()["items"])


@pytest.fixture(scope="module")
async def chained(gateway: ServiceUnderTest, town: Town) -> Town:
    """A town in which five acts of this test were chained."""

    async def act(tx: Transaction, number: int) -> None:
        await audit(tx, "test.thing.done", subject_type="thing", subject_id=None, facts={**FACTS, "n": number})

    for number in range(5):
        async with gateway.database.transaction(town.tenant.context()) as tx:
            await act(tx, number)

    async def all_there() -> bool:
        return len(await entries(town, action="test.thing.done")) == 5

    await until(all_there, "five entries in the chain")
    return town


async def test_acts_are_chained_with_who_and_what_and_the_chain_is_whole(chained: Town) -> None:
    found = await entries(chained, action="test.thing.done")
    assert [entry["entry"]["facts"]["n"] for entry in found] == [4, 3, 2, 1, 0]
    assert found[0]["entry"]["facts"] == {**FACTS, "n": 4}
    assert {entry["service"] for entry in found} == {"gateway"}
    verdict = await verification(chained)
    assert verdict["whole"], verdict
    assert verdict["checked"] >= 5


async def test_what_an_official_does_is_found_by_its_subject(town: Town) -> None:
    user = await town.user("audited.one")

    async def recorded() -> list[dict[str, Any]]:
        return await entries(town, subject_id=user)

    (entry,) = await until(recorded, "the entry of the user made")
    assert entry["action"] == "directory.user.made"
    assert entry["entry"]["actor_kind"] == "official"
    assert "audited.one" not in str(entry), "ids only, no names"


async def test_a_refused_act_leaves_no_entry(town: Town) -> None:
    before = len(await entries(town, action="directory.unit.renamed"))
    path = f"/api/v1/directory/units/{town.units['150103'].id}"
    assert (await town.tenant.call(town.system, "PATCH", path, {"title": "无"}, version=9)).status_code == 412
    user = await town.user(f"after.{new_id().hex[:8]}")

    async def later() -> bool:
        return bool(await entries(town, subject_id=user))

    await until(later, "a later entry")
    assert len(await entries(town, action="directory.unit.renamed")) == before


TAMPERING = {
    "content": (
        "update audit_entry set entry = jsonb_set(entry, '{facts,n}', '99') where tenant_id = $1 and seq = $2",
        0,
        "changed",
    ),
    "listed action": (
        "update audit_entry set action = 'nothing' where tenant_id = $1 and seq = $2",
        0,
        "listed action",
    ),
    "listed time": (
        "update audit_entry set occurred_at = occurred_at - interval '1 s' where tenant_id = $1 and seq = $2",
        0,
        "time was changed",
    ),
    "hash": (r"update audit_entry set hash = '\x00' where tenant_id = $1 and seq = $2", 0, "changed"),
    "removed": ("delete from audit_entry where tenant_id = $1 and seq = $2", 1, "is missing"),
    "removed to the end": ("delete from audit_entry where tenant_id = $1 and seq >= $2", 0, "missing at the end"),
    "number": (
        "update audit_entry set number = number + 1000 where tenant_id = $1 and seq = $2",
        0,
        "is missing before",
    ),
    "head set back": (
        "update audit_head h set last_seq = e.seq, last_hash = e.hash from audit_entry e"
        " where h.tenant_id = $1 and e.tenant_id = $1 and e.seq = $2",
        1,
        "head of the chain",
    ),
    "end removed and head set back": (
        "with cut as (delete from audit_entry where tenant_id = $1 and seq > $2 returning 1)"
        " update audit_head h set last_seq = $2 from cut where h.tenant_id = $1",
        1,
        "head of the chain",
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
async def test_what_was_changed_as_superuser_is_named(chained: Town, superuser: asyncpg.Connection, name: str) -> None:
    statement, behind, words = TAMPERING[name]
    tenant = chained.tenant.id
    seq = await superuser.fetchval(
        "select seq from audit_entry where tenant_id = $1 and action = 'test.thing.done'"
        " and entry->'facts'->>'n' = '2'",
        tenant,
    )
    kept = [
        ("audit_head", await superuser.fetch("select * from audit_head where tenant_id = $1", tenant)),
        ("audit_entry", await superuser.fetch("select * from audit_entry where tenant_id = $1", tenant)),
    ]
    await superuser.execute(statement, tenant, seq)
    try:
        verdict = await verification(chained)
        assert not verdict["whole"]
        assert verdict["broken_at"] == seq + behind
        assert words in verdict["reason"]
        assert verdict["checked"] <= seq
    finally:
        for table, rows in kept:
            await superuser.execute(f"delete from {table} where tenant_id = $1", tenant)  # noqa: S608 - constants
            await superuser.copy_records_to_table(table, records=rows)
    assert (await verification(chained))["whole"], "put back as it was"


async def test_a_removed_head_is_named(chained: Town, superuser: asyncpg.Connection) -> None:
    tenant = chained.tenant.id
    rows = await superuser.fetch("select * from audit_head where tenant_id = $1", tenant)
    await superuser.execute("delete from audit_head where tenant_id = $1", tenant)
    try:
        verdict = await verification(chained)
        assert (verdict["whole"], verdict["reason"]) == (False, "the head of the chain was changed or removed")
    finally:
        await superuser.copy_records_to_table("audit_head", records=rows)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set action = 'x'",
        "delete from audit_entry",
        "truncate audit_entry",
        "delete from audit_head",
        "alter table audit_entry disable row level security",
    ],
)
async def test_the_app_role_cannot_change_the_chain(gateway: ServiceUnderTest, chained: Town, statement: str) -> None:
    with pytest.raises(Problem, match="42501"):
        async with gateway.database.transaction(chained.tenant.context()) as tx:
            await tx.session.execute(text(statement))
    assert (await verification(chained))["whole"]


async def test_the_chain_of_another_tenant_is_not_seen(chained: Town, other_town: Town) -> None:
    assert await entries(other_town, action="test.thing.done") == []
    assert (await verification(other_town))["whole"]


async def copy_verdict(town: Town, copied: list[dict[str, Any]]) -> dict[str, Any]:
    """The verdict on a copy that somebody kept."""
    answer = await town.tenant.post(town.auditor, "/api/v1/audit/copy-verifications", {"entries": copied})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_copy_is_verified_and_a_changed_entry_in_it_is_named(chained: Town) -> None:
    kept = await entries(chained)
    assert await copy_verdict(chained, kept) == {"whole": True, "checked": len(kept), "broken_at": None, "reason": None}
    kept[2]["entry"]["facts"] = {"n": -1}
    verdict = await copy_verdict(chained, kept)
    assert (verdict["broken_at"], verdict["reason"]) == (kept[2]["seq"], "its content was changed")


async def test_a_copy_of_another_chain_is_none_of_this_one(chained: Town, other_town: Town) -> None:
    verdict = await copy_verdict(other_town, await entries(chained))
    assert (verdict["whole"], verdict["reason"]) == (False, "it is no entry of this chain")


@pytest.mark.parametrize(
    "member",
    [
        {"entry": {}},
        {"entry": {"action": 1, "occurred_at": "2026-01-01T00:00:00+00:00"}},
        {"entry": {"action": "x", "occurred_at": "yesterday"}},
        {"entry": {"action": "x", "occurred_at": "2026-01-01T00:00:00+00:00", "n": 2**70}},
        {"hash": "00"},
        {"seq": 0},
    ],
)
async def test_what_is_no_entry_is_refused_with_its_place(chained: Town, member: dict[str, Any]) -> None:
    (entry,) = (await entries(chained))[:1]
    answer = await chained.tenant.post(
        chained.auditor, "/api/v1/audit/copy-verifications", {"entries": [entry | member]}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/entries/0/{next(iter(member))}"


async def test_a_copy_is_not_verified_for_those_who_do_not_audit(chained: Town) -> None:
    copied = {"entries": await entries(chained)}
    answer = await chained.tenant.post(chained.system, "/api/v1/audit/copy-verifications", copied)
    assert answer.status_code == 403
