"""Explain and what-if: findings with article and words in both languages, nothing stored; interpretations (P4, P9)."""

from typing import Any

import httpx
import pytest

from kernel.testing.tree import PUBLIC, Caller, person
from tests.integration.gateway.house import Town, until
from tests.integration.gateway.regulation.test_promulgation import hand_in, handler
from tests.integration.gateway.regulation.versions import files

PATH = "/api/v1/regulation"
FACTS: dict[str, Any] = {
    "citizen": True,
    "age_years": 43,
    "education_code": "31",
    "criminal_penalty": False,
    "criminal_case_open": False,
    "joint_punishment_listed": False,
    "identities": [],
    "quality_found": False,
    "township_recommended": False,
    "relaxation_decision": "none",
    "relaxed_age_limit": 0,
    "relaxed_education_codes": [],
}
QUESTION: dict[str, Any] = {"group": "eligibility", "facts": FACTS}
ANSWER = {
    "article": "NM-9",
    "question": "已满四十周岁是否符合？",
    "text": "四十周岁以下包括四十周岁。",
    "document": "内党社工函〔2026〕3号",
    "valid_from": "2026-03-02",
}


async def ask(town: Town, path: str, body: dict[str, Any], caller: Caller | None = None) -> httpx.Response:
    return await town.tenant.post(caller or town.official("society_work", "150102"), f"{PATH}/{path}", body)


async def publish(town: Town, caller: Caller, **changes: Any) -> httpx.Response:
    return await town.tenant.post(caller, f"{PATH}/interpretations", ANSWER | changes)


def interpreter(town: Town) -> Caller:
    return town.official("society_work", duty="approver")


@pytest.mark.article("NM-9", "NM-11")
async def test_a_group_is_explained_rule_by_rule_in_both_languages(town: Town) -> None:
    found = (await ask(town, "explanations", QUESTION)).json()
    assert (found["pack_id"], found["pack_version"]) == ("neimenggu", "1")
    age = next(each for each in found["findings"] if each["rule"] == "eligibility.age")
    assert (age["outcome"], age["article"], age["value"]) == ("needs_judgement", "NM-9(2)", 43)
    assert age["words"] == "年龄一般在40周岁以下"
    assert age["facts"]["age_years"] == 43
    assert age["message"]["zh"].startswith("需要人工认定")
    assert age["message"]["en"].startswith("Needs a human")
    judged = QUESTION | {"determinations": {"eligibility.age": "met"}}
    found = (await ask(town, "explanations", judged)).json()
    assert next(each for each in found["findings"] if each["rule"] == "eligibility.age")["outcome"] == "met"


async def test_a_group_says_which_facts_its_rules_read(town: Town) -> None:
    found = (await town.tenant.get(person(), f"{PATH}/rule-groups/eligibility")).json()
    assert {each["name"] for each in found["facts"]} == set(FACTS)
    decision = next(each for each in found["facts"] if each["name"] == "relaxation_decision")
    assert decision["values"]["granted"] == {"zh": "同意放宽", "en": "Granted"}
    age = next(each for each in found["rules"] if each["rule"] == "eligibility.age")
    assert (age["kind"], age["article"]) == ("soft", "NM-9(2)")
    assert (await town.tenant.get(person(), f"{PATH}/rule-groups/nothing")).status_code == 404
    assert (await town.tenant.get(PUBLIC, f"{PATH}/rule-groups/eligibility")).status_code == 403


async def test_what_if_names_the_rules_that_answer_otherwise(town: Town) -> None:
    found = (await ask(town, "what-ifs", QUESTION | {"changed_facts": {"age_years": 40, "citizen": False}})).json()
    assert found["changed"] == ["eligibility.age", "eligibility.citizenship"]
    draft = (await hand_in(town, handler(town), files("2"))).json()["id"]
    found = (await ask(town, f"drafts/{draft}/what-ifs", QUESTION, handler(town))).json()
    assert (found["before"]["pack_version"], found["after"]["pack_version"]) == ("1", "2")
    assert found["changed"] == ["eligibility.age"]
    after = next(each for each in found["after"]["findings"] if each["rule"] == "eligibility.age")
    assert (after["outcome"], after["facts"]["limit"]) == ("met", 45)
    assert (await ask(town, f"drafts/{draft}/what-ifs", QUESTION)).status_code == 403, "a draft is the issuer's"


async def test_facts_that_are_missing_or_wrong_are_pointed_at(town: Town) -> None:
    few = {name: value for name, value in FACTS.items() if name != "citizen"}
    refused = await ask(town, "explanations", QUESTION | {"facts": few | {"age_years": "43"}})
    assert refused.status_code == 422
    assert {each["pointer"] for each in refused.json()["errors"]} == {"/facts/citizen", "/facts/age_years"}
    assert (await ask(town, "explanations", QUESTION | {"group": "nothing"})).status_code == 404
    assert (await ask(town, "explanations", QUESTION | {"pack_version": "9"})).status_code == 404
    hard = await ask(town, "explanations", QUESTION | {"determinations": {"eligibility.citizenship": "met"}})
    assert (hard.status_code, hard.json()["errors"][0]["pointer"]) == (422, "/determinations/eligibility.citizenship")
    for caller in (person(), PUBLIC):
        for path in ("explanations", "what-ifs"):
            assert (await ask(town, path, QUESTION, caller)).status_code == 403


@pytest.mark.article("NM-39")
async def test_the_interpreting_organ_answers_and_the_answer_goes_with_the_article(town: Town) -> None:
    made = await publish(town, interpreter(town))
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["organ"]["zh"] == "自治区党委社会工作部"
    assert (body["article"], body["text"], body["valid_from"]) == ("NM-9", ANSWER["text"], "2026-03-02")

    async def shown() -> list[dict[str, Any]]:
        found = (await ask(town, "explanations", QUESTION)).json()["interpretations"]
        return [each for each in found if each["id"] == body["id"]]

    [one] = await until(shown, "the interpretation in the read model")
    assert (one["document"], one["organ"]["zh"]) == (ANSWER["document"], "自治区党委社会工作部")
    earlier = await ask(town, "explanations", QUESTION | {"on": "2026-03-01"})
    assert earlier.json()["interpretations"] == [], "it holds from its day on"
    article = (await town.tenant.get(person(), f"{PATH}/articles/NM-9(2)")).json()
    assert [each["text"] for each in article["interpretations"]] == [ANSWER["text"]]
    assert (await town.tenant.get(person(), f"{PATH}/articles/NM-11")).json()["interpretations"] == []
    listed = (await town.tenant.get(person(), f"{PATH}/interpretations", query={"article": "NM-9"})).json()["items"]
    assert [each["id"] for each in listed] == [body["id"]]
    assert (await town.tenant.get(person(), f"{PATH}/interpretations/{body['id']}")).json() == body


@pytest.mark.article("NM-39")
async def test_nobody_else_interprets_and_only_an_article_that_is_there(town: Town, other_town: Town) -> None:
    for caller in (
        town.official("society_work"),
        town.official("society_work", "150102", "approver"),
        town.official("party_committee", duty="approver"),
        person(),
        PUBLIC,
    ):
        assert (await publish(town, caller)).status_code == 403
    for article in ("NM-9999", "no article"):
        refused = await publish(town, interpreter(town), article=article)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/article")
    made = (await publish(town, interpreter(town), article="NM-11")).json()["id"]
    assert (await other_town.tenant.get(person(), f"{PATH}/interpretations/{made}")).status_code == 404
