"""Figures that the regulation has an office make with others: in force by the case alone (NM-16)."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlmodel import col, select

from contracts.roster import PayStandardApproved
from gateway.regulation.consumers import subscriptions
from gateway.regulation.tables import LocalParameter
from kernel.events.envelope import Envelope, body
from kernel.events.inbox import receive
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from tests.integration.gateway.house import NOW, Town, until
from tests.integration.gateway.regulation.test_local_parameters import LEAGUE, PATH, figure

SCHEMES = [{"category": "community_staff", "scheme": "standard"}]
STANDARD = [{"role": "staff", "base": "4000", "performance": "1000"}]


@pytest.fixture
def reader(town: Town) -> Caller:
    return town.official("society_work", LEAGUE)


def approved(town: Town, **changes: Any) -> PayStandardApproved:
    given: dict[str, Any] = {
        "workflow": "pay_standard",
        "case_id": str(new_id()),
        "unit_id": str(town.units[LEAGUE].id),
        "paths": ["pay.standard"],
        "values": [msgspec.json.encode(STANDARD).decode()],
        "document": "测试盟〔2026〕1号",
        "reason": "年度标准",
        "valid_from": "2026-03-02",
        "proposed_by": str(new_id()),
        "proposed_at": NOW.isoformat(),
        "decided_by": str(new_id()),
    }
    return PayStandardApproved(**given | changes)


async def tell(gateway: ServiceUnderTest, town: Town, told: PayStandardApproved) -> None:
    """News of an approval, as the broker brings it: each case has a standard of its own."""
    envelope = Envelope(
        id=new_id(),
        source=told.source,
        tenant=town.tenant.id,
        aggregate_type=told.aggregate,
        aggregate_id=new_id(),
        version=1,
        event=told.name,
        event_version=told.v,
        business_time=NOW,
        recorded_at=NOW,
        body=body(msgspec.json.encode(told).decode(), None),
    )
    await receive(gateway.database, gateway.config, subscriptions, envelope)


async def rows(gateway: ServiceUnderTest, town: Town, case_id: str) -> list[LocalParameter]:
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = await tx.session.execute(
            select(LocalParameter)
            .where(col(LocalParameter.case_id) == UUID(case_id))
            .order_by(col(LocalParameter.path))
        )
        return list(found.scalars())


@pytest.mark.article("NM-16")
@pytest.mark.parametrize("path", ["pay.standard", "pay.schemes", "pay.certificate_allowances"])
async def test_two_people_of_one_office_do_not_set_what_others_have_a_part_in(town: Town, path: str) -> None:
    proposal = {
        "path": path,
        "unit_id": str(town.units[LEAGUE].id),
        "value": [],
        "valid_from": "2026-03-02",
        "source": "测试盟〔2026〕1号",
        "reason": "年度标准",
    }
    answer = await town.tenant.post(town.official("society_work", LEAGUE), f"{PATH}/local-parameters", proposal)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/rule-refused")
    assert problem["article"] in ("NM-16", "NM-19")
    assert "pay_standard" in problem["detail"]


@pytest.mark.article("NM-16")
async def test_what_was_approved_holds_with_the_case_and_once_however_often_told(
    gateway: ServiceUnderTest, town: Town, reader: Caller
) -> None:
    told = approved(
        town,
        paths=["pay.schemes", "pay.standard"],
        values=[msgspec.json.encode(each).decode() for each in (SCHEMES, STANDARD)],
    )
    for _ in range(2):
        await tell(gateway, town, told)
    made = await rows(gateway, town, told.case_id)
    assert [(each.path, each.state, each.article) for each in made] == [
        ("pay.schemes", "in_force", "NM-16"),
        ("pay.standard", "in_force", "NM-16"),
    ]
    shown = (await town.tenant.get(reader, f"{PATH}/local-parameters/{made[1].id}")).json()
    assert (shown["case_id"], shown["value"], shown["source"]) == (told.case_id, STANDARD, told.document)
    assert (shown["proposed_by"], shown["decided_by"]) == (told.proposed_by, told.decided_by)

    async def known() -> bool:
        return (await figure(town, "pay.standard", "150102"))["state"] == "set"

    await until(known, "the standard in the read model")
    found = await figure(town, "pay.standard", "150102")
    assert (found["value"], found["source"], found["article"]) == (STANDARD, told.document, "NM-16")
    assert found["set_by"] == {"department": "society_work", "level": "league", "workflow": "pay_standard"}


@pytest.mark.article("NM-16")
async def test_a_later_standard_ends_the_first_and_rewrites_no_day_past(gateway: ServiceUnderTest, town: Town) -> None:
    unit = {"unit_id": str(town.units["150200"].id)}
    first = approved(town, **unit, valid_from="2026-01-01")
    await tell(gateway, town, first)
    second = approved(town, **unit, valid_from="2026-02-01")
    await tell(gateway, town, second)
    [older] = await rows(gateway, town, first.case_id)
    [newer] = await rows(gateway, town, second.case_id)
    assert (older.state, str(older.valid_from), str(older.valid_before)) == ("superseded", "2026-01-01", "2026-03-02")
    assert (newer.state, str(newer.valid_from), newer.valid_before) == ("in_force", "2026-03-02", None)
    assert "2026-02-01" in str(newer.comment)


@pytest.mark.parametrize(
    "changes",
    [
        {"values": ['"4000"']},
        {"workflow": "rank_ladder"},
        {"paths": ["pay.fund_percent"], "values": ['"8"']},
        {"paths": ["no.such_figure"]},
        {"valid_from": "2020-01-01"},
    ],
)
async def test_what_the_regulation_does_not_allow_any_more_is_kept_as_rejected(
    gateway: ServiceUnderTest, town: Town, changes: dict[str, Any]
) -> None:
    told = approved(town, **changes)
    await tell(gateway, town, told)
    [row] = await rows(gateway, town, told.case_id)
    assert (row.state, row.period, bool(row.comment)) == ("rejected", None, True)
