"""How reviews would stand under a draft: counts and ids, batch by batch, and nothing of it is stored (P6)."""

from datetime import date
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.org.published import InterpretationPublished
from kernel.simulation import probes
from tests.integration.services.drafts import altered, simulate, tell
from tests.integration.services.recruitment.journey import Journey, id_number

AGE = "recruitment.age_limit"
DAY = "2024-09-10"


def limit(age: int) -> Any:
    def change(document: dict[str, Any]) -> None:
        document["parameters"][AGE]["value"] = age

    return change


async def test_open_and_concluded_reviews_that_would_stand_differently_are_told(
    journey: Journey, neimenggu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "BATCH", 2)
    notice = await journey.notice()
    ages = {29: date(1995, 3, 1), 35: date(1989, 9, 30), 36: date(1988, 9, 30)}
    applications = {
        age: (await journey.applied(notice, id_number=id_number(born, age)))[1]["id"] for age, born in ages.items()
    }
    for each in applications.values():
        await journey.judge_all(each)
    assert (await journey.conclude(applications[36])).json()["overall"] == "qualified"

    reports = await simulate(journey.tenant, altered(neimenggu, limit(35)), DAY)
    assert [each["examined"] for each in reports] == [2, 1], "one report for each batch"
    assert [each["done"] for each in reports] == [False, True]
    assert [subject for each in reports for subject in each["ids"]] == [applications[36]]
    changed = next(each for each in reports if each["ids"])
    assert (changed["before"], changed["after"], changed["articles"]) == (["qualified"], ["awaiting"], ["NM-9(2)"])
    assert changed["unit_nos"] == [journey.tenant.tree["community"].unit_no]
    assert (await journey.made("handler", "GET", f"/applications/{applications[36]}/eligibility"))[
        "overall"
    ] == "qualified"

    same = await simulate(journey.tenant, altered(neimenggu, limit(40)), DAY)
    assert [each["ids"] for each in same] == [[], []]


async def test_a_draft_that_asks_for_facts_nobody_gave_says_so(journey: Journey, neimenggu: str) -> None:
    def change(document: dict[str, Any]) -> None:
        document["facts"]["height"] = {"kind": "int", "label": {"zh": "身高", "en": "Height"}}
        document["rules"]["eligibility.citizenship"]["condition"] = "citizen && height > 100"

    notice = await journey.notice()
    _, application = await journey.applied(notice)
    [report] = await simulate(journey.tenant, altered(neimenggu, change), DAY)
    assert (report["ids"], report["after"]) == ([application["id"]], ["missing_facts"])


@pytest.mark.article("NM-39")
async def test_the_interpretation_of_an_article_is_shown_with_its_findings(journey: Journey) -> None:
    notice = await journey.notice()
    _, application = await journey.applied(notice)
    told = InterpretationPublished(
        article="NM-9",
        text="一般指四十周岁及以下。",
        document="内党社工函〔2024〕3号",
        organ_zh="自治区党委社会工作部",
        organ_en="Society-work Department",
        valid_from="2024-09-11",
    )
    await tell(journey.tenant, told, new_id())
    path = f"/applications/{application['id']}/eligibility"
    assert (await journey.made("handler", "GET", path))["interpretations"] == [], "from its day on"
    await journey.tenant.move_to(journey.tenant.now.replace(day=11))
    [shown] = (await journey.made("handler", "GET", path))["interpretations"]
    assert (shown["article"], shown["text"], shown["document"]) == ("NM-9", told.text, told.document)
    assert shown["organ"] == {"zh": told.organ_zh, "en": told.organ_en}
