"""Figures that an office sets locally (P7), and figures as anybody asks for them: a value or why there is none."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, Caller, person
from tests.integration.gateway.house import Town, until, write_plan

PATH = "/api/v1/regulation"
LEAGUE, OTHER_LEAGUE, COUNTY = "150100", "150200", "150102"
WORDS = "具体标准由盟市党委社会工作部门会同财政等部门制定"
FIGURES = f"""
parameters:
  test.amount:
    kind: decimal
    label: {{zh: 标准, en: Rate}}
    article: NM-16
    words: {WORDS}
    deferred: league
    set_by: {{department: finance, level: league}}
    minimum: 1000
    maximum: 9000
  test.office:
    kind: rows
    label: {{zh: 审批部门, en: Approver}}
    article: NM-16
    words: {WORDS}
    unresolved: 文件〔2021〕5号
    set_by: {{department: finance, level: league}}
workflows:
  test_matter:
    label: {{zh: 测试事项, en: A matter under test}}
    article: NM-16
    words: {WORDS}
    subject: matter
    subject_levels: [county]
    steps:
      - id: approval
        kind: approve
        label: {{zh: 审批, en: Approval}}
        by: {{parameter: test.office}}
        article: NM-16
        words: {WORDS}
        blocks: true
"""
FIRST = "2026-03-02"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with two figures that the finance departments of leagues set."""
    made = write_plan(tmp_path_factory.mktemp("figures"))
    (made.parent / "figures-under-test.yaml").write_text(FIGURES, encoding="utf-8")
    return made


@pytest.fixture
def handler(town: Town) -> Caller:
    return town.official("finance", LEAGUE)


@pytest.fixture
def approver(town: Town) -> Caller:
    return town.official("finance", LEAGUE, "approver")


def body(town: Town, code: str = LEAGUE, **changes: Any) -> dict[str, Any]:
    """A proposal that passes."""
    return {
        "path": "test.amount",
        "unit_id": str(town.units[code].id),
        "value": "6500.00",
        "valid_from": FIRST,
        "source": "测试盟〔2026〕1号",
        "reason": "年度标准",
    } | changes


async def propose(town: Town, caller: Caller, **changes: Any) -> httpx.Response:
    return await town.tenant.post(caller, f"{PATH}/local-parameters", body(town, **changes))


async def decide(town: Town, caller: Caller, made: str, action: str = "approve", **more: Any) -> httpx.Response:
    return await town.tenant.post(caller, f"{PATH}/local-parameters/{made}/decisions", {"action": action, **more})


async def in_force(town: Town, handler: Caller, approver: Caller, **changes: Any) -> dict[str, Any]:
    made = await propose(town, handler, **changes)
    assert made.status_code == 201, made.text
    decided = await decide(town, approver, made.json()["id"])
    assert decided.status_code == 200, decided.text
    found: dict[str, Any] = decided.json()
    return found


async def figure(town: Town, path: str, code: str | None = None, on: str | None = None) -> dict[str, Any]:
    query = {"unit_id": str(town.units[code].id) if code else None, "on": on}
    answer = await town.tenant.get(
        person(), f"{PATH}/figures/{path}", query={name: value for name, value in query.items() if value}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.article("NM-16")
async def test_the_office_named_proposes_another_pair_of_eyes_decides_and_the_figure_holds(
    town: Town, handler: Caller, approver: Caller
) -> None:
    before = await figure(town, "test.amount", COUNTY)
    assert (before["state"], before["value"], before["waits_for"]) == ("deferred", None, "league")
    assert before["set_by"] == {"department": "finance", "level": "league"}
    made = await in_force(town, handler, approver)
    assert (made["state"], made["article"], made["valid_before"]) == ("in_force", "NM-16", None)

    async def known() -> bool:
        return (await figure(town, "test.amount", COUNTY))["state"] == "set"

    await until(known, "the figure in the read model")
    found = await figure(town, "test.amount", COUNTY)
    assert (found["value"], found["source"], found["article"]) == ("6500.00", "测试盟〔2026〕1号", "NM-16")
    assert found["words"] == WORDS
    assert (await figure(town, "test.amount", COUNTY, "2026-03-01"))["state"] == "deferred"
    assert (await figure(town, "test.amount", OTHER_LEAGUE))["state"] == "deferred"
    assert (await figure(town, "test.amount"))["state"] == "deferred", "without a unit: as the text has it"

    later = await in_force(town, handler, approver, value="7000", valid_from="2026-07-01")
    assert (later["state"], later["valid_before"]) == ("in_force", None)
    older = (await town.tenant.get(handler, f"{PATH}/local-parameters/{made['id']}")).json()
    assert (older["state"], older["valid_before"]) == ("superseded", "2026-07-01")

    async def ended() -> bool:
        return (await figure(town, "test.amount", COUNTY, "2026-07-01"))["value"] == "7000"

    await until(ended, "the later figure in the read model")
    assert (await figure(town, "test.amount", COUNTY, "2026-06-30"))["value"] == "6500.00"
    told = [(each["value"], each["valid_before"]) for each in await town.told("local_parameter")]
    first, second = '"6500.00"', '"7000"'
    assert told == [(first, None), (second, None), (first, "2026-07-01")], "between two news no day is without a figure"

    corrected = await in_force(town, handler, approver, value="7100", valid_from="2026-07-01")
    wrong = (await town.tenant.get(handler, f"{PATH}/local-parameters/{later['id']}")).json()
    assert (wrong["state"], wrong["valid_before"]) == ("superseded", "2026-07-01"), "it never held"
    listed = await town.tenant.get(
        handler, f"{PATH}/local-parameters", query={"path": "test.amount", "state": "in_force"}
    )
    assert [one["id"] for one in listed.json()["items"]] == [corrected["id"]]


@pytest.mark.article("NM-16")
async def test_another_department_level_or_unit_is_refused_with_the_article(town: Town) -> None:
    tries = [
        (town.official("society_work", LEAGUE), LEAGUE),
        (town.official("finance", COUNTY), COUNTY),
        (town.official("finance", COUNTY), LEAGUE),
        (town.official("finance", OTHER_LEAGUE), LEAGUE),
    ]
    for caller, code in tries:
        refused = await propose(town, caller, code=code)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused"), refused.text
        assert refused.json()["article"] == "NM-16"


async def test_without_the_permission_nobody_proposes_reads_or_decides(
    town: Town, handler: Caller, approver: Caller
) -> None:
    stranger = town.official("township_office", LEAGUE, "approver")
    assert (await propose(town, stranger)).status_code == 403
    made = (await propose(town, handler, valid_from="2027-01-01")).json()["id"]
    assert (await decide(town, stranger, made)).status_code == 403
    assert (await decide(town, handler, made)).status_code == 403, "a handler decides on nothing"
    for caller in (person(), PUBLIC):
        assert (await town.tenant.get(caller, f"{PATH}/local-parameters")).status_code == 403
        assert (await town.tenant.get(caller, f"{PATH}/local-parameters/{made}")).status_code == 403
    assert (await town.tenant.get(approver, f"{PATH}/local-parameters/{made}")).status_code == 200
    assert (await town.tenant.get(approver, f"{PATH}/local-parameters/{new_id()}")).status_code == 404


async def test_the_proposer_and_other_offices_do_not_decide(town: Town, approver: Caller) -> None:
    made = (await propose(town, approver, valid_from="2027-02-01")).json()["id"]
    own = await decide(town, approver, made)
    assert (own.status_code, own.json()["type"], own.json()["article"]) == (409, "/problems/rule-refused", "NM-16")
    elsewhere = await decide(town, town.official("society_work", LEAGUE, "approver"), made)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (409, "/problems/rule-refused")
    other = town.official("finance", LEAGUE, "approver")
    bare = await decide(town, other, made, "reject")
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/comment")
    said = await decide(town, other, made, "reject", comment="标准未会签")
    assert (said.json()["state"], said.json()["comment"]) == ("rejected", "标准未会签")
    again = await decide(town, other, made)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")


@pytest.mark.parametrize(
    ("changes", "pointer", "article"),
    [
        ({"value": "999.99"}, "/value", "NM-16"),
        ({"value": "9000.01"}, "/value", "NM-16"),
        ({"value": 6500}, "/value", "NM-16"),
        ({"path": "test.office", "value": [{"department": "nobody", "level": "league"}]}, "/value", "NM-16"),
        ({"path": "no.such_figure"}, "/path", None),
        ({"path": "No Path"}, "/path", None),
        ({"value": 6.5}, "/value", None),
        ({"value": None}, "/value", None),
        ({"source": ""}, "/source", None),
    ],
)
async def test_a_value_outside_its_bounds_names_field_and_article(
    town: Town, handler: Caller, changes: dict[str, Any], pointer: str, article: str | None
) -> None:
    refused = await propose(town, handler, **changes)
    assert refused.status_code == 422, refused.text
    error = refused.json()["errors"][0]
    assert error["pointer"].startswith(pointer)
    assert error.get("article") == article


@pytest.mark.parametrize("value", ["1000", "9000.00"])
async def test_the_bounds_themselves_pass(town: Town, handler: Caller, value: str) -> None:
    assert (await propose(town, handler, value=value, valid_from="2028-01-01")).status_code == 201


async def test_a_figure_that_the_regulation_leaves_to_nobody_is_refused(town: Town, handler: Caller) -> None:
    refused = await propose(town, handler, path="recruitment.age_limit", value=45)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-9(2)"


async def test_an_older_document_is_recorded_and_what_held_is_not_rewritten(
    town: Town, handler: Caller, approver: Caller
) -> None:
    office = {"path": "test.office", "value": [{"department": "finance", "level": "county"}]}
    outside = await propose(town, handler, **office, valid_from="2024-08-20")
    assert (outside.status_code, outside.json()["type"]) == (409, "/problems/parameter-not-set")
    made = await in_force(town, handler, approver, **office, valid_from="2024-08-21")
    refused = await propose(town, handler, **office, valid_from="2026-03-01")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/valid_from")
    await in_force(town, handler, approver, **office, valid_from=FIRST)
    older = (await town.tenant.get(handler, f"{PATH}/local-parameters/{made['id']}")).json()
    assert older["valid_before"] == FIRST


async def test_two_proposals_decided_at_once_never_overlap(town: Town, handler: Caller) -> None:
    made = [
        (await propose(town, town.official("finance", OTHER_LEAGUE), code=OTHER_LEAGUE, value=value)).json()["id"]
        for value in ("5000", "5100")
    ]
    approvers = [town.official("finance", OTHER_LEAGUE, "approver") for _ in made]
    answers = await asyncio.gather(*(decide(town, *each) for each in zip(approvers, made, strict=True)))
    assert sorted(one.status_code for one in answers) in ([200, 200], [200, 409])
    query = {"path": "test.amount", "unit_id": str(town.units[OTHER_LEAGUE].id), "state": "in_force"}
    listed = await town.tenant.get(handler, f"{PATH}/local-parameters", query=query)
    assert len(listed.json()["items"]) == 1


async def test_one_request_sent_twice_is_one_proposal(gateway: ServiceUnderTest, town: Town, handler: Caller) -> None:
    key = str(new_id())
    wanted = body(town, valid_from="2029-01-01")
    answers = [await town.tenant.post(handler, f"{PATH}/local-parameters", wanted, key=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_another_tenant_sees_none_of_it(town: Town, other_town: Town, handler: Caller) -> None:
    made = (await propose(town, handler, valid_from="2030-01-01")).json()["id"]
    theirs = other_town.official("finance", LEAGUE)
    assert (await other_town.tenant.get(theirs, f"{PATH}/local-parameters/{made}")).status_code == 404
    assert (await other_town.tenant.get(theirs, f"{PATH}/local-parameters")).json()["items"] == []
    refused = await other_town.tenant.post(theirs, f"{PATH}/local-parameters", body(town))
    assert refused.status_code == 404, "the unit of another tenant is no unit"


async def test_figures_are_asked_one_by_one_or_by_their_beginning(town: Town) -> None:
    age = await figure(town, "recruitment.age_limit")
    assert (age["state"], age["value"], age["article"], age["source"]) == ("set", 40, "NM-9(2)", None)
    publicity = await figure(town, "recruitment.publicity_days")
    assert (publicity["state"], publicity["value"], publicity["article"]) == ("not_regulated", None, "NM-8(7)")
    listed = await town.tenant.get(person(), f"{PATH}/figures", query={"prefix": "test."})
    assert [(one["path"], one["state"]) for one in listed.json()] == [
        ("test.amount", "deferred"),
        ("test.office", "unresolved"),
    ]
    everything = (await town.tenant.get(person(), f"{PATH}/figures")).json()
    assert {"set", "not_regulated", "deferred"} <= {one["state"] for one in everything}
    assert (await town.tenant.get(person(), f"{PATH}/figures/no.such")).status_code == 404
    assert (await town.tenant.get(PUBLIC, f"{PATH}/figures/test.amount")).status_code == 403
    unknown = await town.tenant.get(person(), f"{PATH}/figures/test.amount", query={"unit_id": str(new_id())})
    assert unknown.status_code == 404
    too_early = await town.tenant.get(person(), f"{PATH}/figures/test.amount", query={"on": "2020-01-01"})
    assert (too_early.status_code, too_early.json()["type"]) == (409, "/problems/parameter-not-set")
