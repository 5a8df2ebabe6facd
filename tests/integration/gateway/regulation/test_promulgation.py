"""The life of a version: handed in, told apart, published by the issuing organ from a day on (P5, P6)."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from gateway.regulation.promulgation import actions
from gateway.regulation.promulgation.consumers import timers
from kernel.errors import Conflict
from kernel.org import queries as org
from kernel.regulation.pack import Pack
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, Caller, person
from tests.integration.gateway.house import NOW, Town, until
from tests.integration.gateway.regulation.versions import files, swap

PATH = "/api/v1/regulation"
TODAY, LATER = "2026-03-02", "2026-07-01"
ISSUER = "party_committee"
AGE = "recruitment.age_limit"


def handler(town: Town) -> Caller:
    return town.official(ISSUER)


def approver(town: Town) -> Caller:
    return town.official(ISSUER, duty="approver")


async def hand_in(town: Town, caller: Caller, found: dict[str, str]) -> httpx.Response:
    return await town.tenant.post(caller, f"{PATH}/drafts", {"files": found, "note": "调整年龄上限"})


async def decide(town: Town, caller: Caller, draft: str, **body: Any) -> httpx.Response:
    publication = {"action": "publish", "valid_from": LATER, "document": "内党发〔2026〕1号"}
    return await town.tenant.post(caller, f"{PATH}/drafts/{draft}/decisions", publication | body)


async def figure(town: Town, on: str) -> Any:
    answer = await town.tenant.get(person(), f"{PATH}/figures/{AGE}", query={"on": on})
    return answer.json()["value"]


async def test_a_version_is_handed_in_told_apart_and_published_from_a_day_on(
    gateway: ServiceUnderTest, town: Town
) -> None:
    made = await hand_in(town, handler(town), files("2"))
    assert made.status_code == 201, made.text
    draft = made.json()
    assert (draft["state"], draft["pack_version"]) == ("checked", "2")

    changed = (await town.tenant.get(handler(town), f"{PATH}/drafts/{draft['id']}/differences")).json()
    assert (changed["earlier"], changed["later"]) == ("1", "2")
    [age] = [each for each in changed["changes"] if each["member"] == AGE]
    assert age["text"]["zh"] == "年龄上限由40周岁改为45周岁（第九条第（二）项）"
    assert age["text"]["en"].endswith("from 40 years of age to 45 years of age (article 9(2))")

    published = await decide(town, approver(town), draft["id"])
    assert published.status_code == 200, published.text
    assert (published.json()["state"], published.json()["valid_from"]) == ("published", LATER)

    async def known() -> bool:
        return await figure(town, LATER) == 45

    await until(known, "the new version in the read model")
    assert await figure(town, "2026-06-30") == 40, "the old version answers for the days before"
    told = [(each["pack_version"], each["valid_before"]) for each in await town.told("pack") if "content" in each]
    assert told == [("1", None), ("2", None), ("1", LATER)], "between two news no day is without a regulation"
    listed = (await town.tenant.get(person(), f"{PATH}/packs")).json()
    assert [(one["pack_version"], one["valid_from"], one["valid_before"]) for one in listed] == [
        ("1", "2024-08-21", LATER),
        ("2", LATER, None),
    ]
    query = {"earlier": "1", "later": "2"}
    compared = await town.tenant.get(person(), f"{PATH}/differences", query=query)
    assert compared.json()["changes"] == changed["changes"]
    assert (await town.tenant.get(person(), f"{PATH}/differences", query=query | {"later": "9"})).status_code == 404

    async with gateway.database.transaction(town.tenant.context()) as tx:
        pinned = await org.pack_version(tx, draft["pack_id"], "1")
        assert pinned.parameter(AGE).integer() == 40, "who began under the old version keeps it"
        due = (await tx.session.execute(text("select due_business_at from k_schedule"))).scalars().all()
    assert [each.isoformat() for each in due] == ["2026-06-30T16:00:00+00:00"]

    again = await decide(town, approver(town), draft["id"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    twice = (await hand_in(town, handler(town), files("2"))).json()["id"]
    same = await decide(town, approver(town), twice, valid_from="2027-01-01")
    assert (same.status_code, same.json()["type"]) == (409, "/problems/conflict")
    overlapping = (await hand_in(town, handler(town), files("3"))).json()["id"]
    for day in (LATER, "2026-06-30", "2026-05-01"):
        refused = await decide(town, approver(town), overlapping, valid_from=day)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict"), refused.text
        assert "2026-07-01" in refused.json()["detail"]
    assert (await town.tenant.get(handler(town), f"{PATH}/drafts/{overlapping}")).json()["state"] == "checked"
    later = await decide(town, approver(town), overlapping, valid_from="2026-07-02")
    assert later.status_code == 200, later.text


async def test_the_first_day_brings_the_new_grants_to_the_edges(gateway: ServiceUnderTest, other_town: Town) -> None:
    found = files("2")
    swap(
        found,
        "permissions.yaml",
        "  recruitment.plan.draft: [{departments: [society_work], levels: [league, county]",
        "  recruitment.plan.draft: [{departments: [society_work], levels: [county]",
    )
    draft = (await hand_in(other_town, handler(other_town), found)).json()["id"]
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()
    assert (await decide(other_town, approver(other_town), draft, valid_from=tomorrow)).status_code == 200

    async with gateway.database.transaction(other_town.tenant.context()) as tx:
        [row] = (
            await tx.session.execute(
                text("select payload from k_schedule where kind = :kind"), {"kind": actions.BEGINS}
            )
        ).scalars()
        await timers.handlers[actions.BEGINS](tx, row)
    async with gateway.database.transaction(other_town.tenant.context()) as tx:
        told = await tx.session.execute(
            text(
                "select (select count(*) from k_outbox where aggregate_type = 'pack' and event = 'began')"
                " + (select count(*) from k_outbox_archive where aggregate_type = 'pack' and event = 'began')"
            )
        )
        assert told.scalar_one() == 1


@pytest.mark.parametrize(
    ("office", "code", "duty", "status"),
    [
        ("society_work", "150000", "handler", 403),
        ("party_committee", "150102", "approver", 403),
        ("system_admin", "150000", "handler", 403),
        ("party_committee", "150000", "viewer", 403),
        ("party_committee", "150000", "handler", 201),
    ],
)
async def test_only_the_organ_that_the_regulation_names_hands_in(
    town: Town, office: str, code: str, duty: str, status: int
) -> None:
    answer = await hand_in(town, town.official(office, code, duty), files("7"))
    assert answer.status_code == status, answer.text


async def test_without_the_permission_nobody_reads_or_decides(town: Town) -> None:
    draft = (await hand_in(town, handler(town), files("8"))).json()["id"]
    for caller in (town.official("society_work", "150102"), person(), PUBLIC):
        assert (await town.tenant.get(caller, f"{PATH}/drafts")).status_code == 403
        assert (await town.tenant.get(caller, f"{PATH}/drafts/{draft}")).status_code == 403
        assert (await town.tenant.get(caller, f"{PATH}/drafts/{draft}/differences")).status_code == 403
        assert (await decide(town, caller, draft)).status_code == 403
    assert (await decide(town, handler(town), draft)).status_code == 403, "a handler publishes nothing"
    assert (
        await town.tenant.get(PUBLIC, f"{PATH}/differences", query={"earlier": "1", "later": "2"})
    ).status_code == 403


async def test_two_pairs_of_eyes_a_day_and_a_document(town: Town) -> None:
    author = approver(town)
    draft = (await hand_in(town, author, files("9"))).json()["id"]
    own = await decide(town, author, draft, valid_from="2027-01-01")
    assert (own.status_code, own.json()["type"]) == (409, "/problems/rule-refused")
    for missing in ("valid_from", "document"):
        bare = await decide(town, approver(town), draft, **{missing: None})
        assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, f"/{missing}"), bare.text
    silent = await decide(town, approver(town), draft, action="reject")
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/comment")
    said = await decide(town, approver(town), draft, action="reject", comment="依据不足")
    assert (said.json()["state"], said.json()["comment"], said.json()["version_id"]) == ("rejected", "依据不足", None)


async def test_a_draft_with_a_fault_names_file_place_and_article_and_is_not_kept(town: Town) -> None:
    before = (await town.tenant.get(handler(town), f"{PATH}/drafts")).json()["items"]
    wrong = files("5")
    swap(wrong, "rules.yaml", "condition: age_years <= limit", "condition: age_yeers <= limit")
    refused = await hand_in(town, handler(town), wrong)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/pack-refused"), refused.text
    error = refused.json()["errors"][0]
    assert error["pointer"] == "/rules/eligibility/age/condition"
    assert error["article"] == "NM-9(2)"
    assert "draft/rules.yaml:" in error["message"]

    disproved = files("5") | {
        "cases/figures.yaml": "cases: [{name: age, on: 2026-01-01, parameter: recruitment.age_limit, value: 46}]"
    }
    refused = await hand_in(town, handler(town), disproved)
    assert refused.status_code == 422
    assert "46" in refused.json()["errors"][0]["message"]

    nested = await hand_in(town, handler(town), {"pack.yaml": "pack: " + "[" * 900 + "]" * 900})
    assert (nested.status_code, nested.json()["type"]) == (422, "/problems/pack-refused")
    alone = files("5")
    swap(alone, "pack.yaml", "  parent: national\n", "")
    assert (await hand_in(town, handler(town), alone)).status_code == 422
    outside = await hand_in(town, handler(town), {"../pack.yaml": "language: 1"})
    assert outside.status_code == 422
    foreign = files("5")
    swap(foreign, "pack.yaml", "  id: neimenggu", "  id: elsewhere")
    refused = await hand_in(town, handler(town), foreign)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/files"), refused.text
    assert (await town.tenant.get(handler(town), f"{PATH}/drafts")).json()["items"] == before


async def test_past_days_keep_their_version(gateway: ServiceUnderTest, town: Town) -> None:
    """Seen through the operators' door as well: it is the same rule."""
    newest = Pack.from_json((await _content(gateway, town)).replace('"version":"1"', '"version":"6"'))
    async with gateway.database.transaction(town.tenant.context()) as tx:
        with pytest.raises(Conflict):
            await actions.publish(tx, newest, date(2025, 1, 1))


async def _content(gateway: ServiceUnderTest, town: Town) -> str:
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = await tx.session.execute(text("select content from regulation_pack_version where pack_version = '1'"))
        return str(found.scalar_one())


async def test_another_tenant_sees_no_draft(town: Town, other_town: Town) -> None:
    draft = (await hand_in(town, handler(town), files("4"))).json()["id"]
    assert (await other_town.tenant.get(handler(other_town), f"{PATH}/drafts/{draft}")).status_code == 404
