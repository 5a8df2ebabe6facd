"""The residents' survey: one token, one answer, and nobody can tie them (S3; NM-28, SH-21)."""

import asyncio
import hashlib
from uuid import UUID

import pytest
from sqlalchemy import text

from kernel.ids import new_id
from kernel.testing.tree import PUBLIC
from tests.integration.services.assessment.house import MARKS, PATH, House

COUNTS = text(
    "select (select count(*) from assessment_survey_token where survey_id = :survey),"
    " (select count(*) from assessment_survey_answer where survey_id = :survey)"
)


async def open_survey(house: House, closes_on: str = "2025-12-12") -> str:
    """A survey under way in two communities."""
    await house.worker()
    await house.worker(community="other_community")
    cycle = (await house.opened(stages=["county", "residents", "confirm"], components=two_parts()))["id"]
    for result in (await house.results(cycle)).values():
        await house.score(house.county, "political_quality", {result["id"]: "80"})
        await house.score(house.county, "work_results", {result["id"]: "80"})
    await house.advance(cycle, "county")
    return await house.survey(cycle, closes_on)


def two_parts() -> list[dict[str, object]]:
    return [
        {"code": "political_quality", "label": "政治素质", "weight": 3000, "stage": "county"},
        {"code": "work_results", "label": "工作实绩", "weight": 4000, "stage": "county"},
        {"code": "satisfaction", "label": "居民满意度", "weight": 3000, "stage": "residents"},
    ]


async def counts(house: House, survey: str) -> tuple[int, int]:
    async with house.service.database.transaction(house.tenant.context()) as tx:
        row = (await tx.session.execute(COUNTS, {"survey": UUID(survey)})).one()
        return int(row[0]), int(row[1])


async def test_everybody_reads_the_form_and_answers_without_signing_in(house: House) -> None:
    survey = await open_survey(house)
    form = await house.get(PUBLIC, f"/surveys/{survey}/form")
    assert [question["code"] for question in form["questions"]] == ["service", "attitude"]
    assert set(form) == {"id", "title", "questions", "opens_on", "closes_on"}
    [token] = await house.tokens(survey, 1)
    answered = await house.answer(survey, token)
    assert (answered.status_code, answered.json()) == (201, {"state": "received"})
    assert "location" not in answered.headers
    again = await house.answer(survey, token)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    assert await counts(house, survey) == (0, 1)


async def test_of_fifty_at_once_with_one_token_one_is_taken(house: House) -> None:
    survey = await open_survey(house)
    token, *_ = await house.tokens(survey, 2)
    answers = await asyncio.gather(*(house.answer(survey, token) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert await counts(house, survey) == (1, 1)


async def test_many_residents_at_once_all_are_taken(house: House) -> None:
    survey = await open_survey(house)
    tokens = await house.tokens(survey, 60)
    answers = await asyncio.gather(*(house.answer(survey, token) for token in tokens))
    assert {answer.status_code for answer in answers} == {201}
    assert await counts(house, survey) == (0, 60)


async def test_nothing_ties_an_answer_to_a_token_or_a_moment(house: House) -> None:
    survey = await open_survey(house)
    tokens = await house.tokens(survey, 3)
    recorded = len(await house.tenant.events())
    for token in tokens:
        await house.answer(survey, token)
    assert len(await house.tenant.events()) == recorded, "an answer is neither told nor audited"
    async with house.service.database.transaction(house.tenant.context()) as tx:
        columns = await tx.session.execute(
            text(
                "select column_name, data_type from information_schema.columns"
                " where table_name = 'assessment_survey_answer' order by 1"
            )
        )
        assert dict(iter(columns)) == {
            "answered_on": "date",
            "community_unit_no": "integer",
            "id": "uuid",
            "marks": "jsonb",
            "points": "integer",
            "survey_id": "uuid",
            "tenant_id": "uuid",
        }
        ids = (await tx.session.execute(text("select id from assessment_survey_answer"))).scalars().all()
        assert {UUID(str(each)).version for each in ids} == {4}, "an id made from the clock would tell the moment"
        kept = await tx.session.execute(text("select count(*) from k_idempotency where route like '%answers%'"))
        assert kept.scalar_one() == 0


async def test_only_the_digest_of_a_token_is_stored(house: House) -> None:
    survey = await open_survey(house)
    order = {"community_unit_id": str(house.tenant.tree["community"].id), "count": 2}
    sheet = await house.post(house.township, f"/surveys/{survey}/tokens", order, 201)
    assert all(link.endswith(f"#{token}") for link, token in zip(sheet["links"], sheet["tokens"], strict=True))
    async with house.service.database.transaction(house.tenant.context()) as tx:
        digests = (await tx.session.execute(text("select digest from assessment_survey_token"))).scalars().all()
        assert set(digests) == {hashlib.sha256(token.encode()).digest() for token in sheet["tokens"]}
        kept = await tx.session.execute(
            text("select count(*) from k_idempotency where position(convert_to(:token, 'UTF8') in body) > 0"),
            {"token": sheet["tokens"][0]},
        )
        assert kept.scalar_one() == 0
    told = await house.tenant.events()
    assert all(token not in str(event.data) for event in told for token in sheet["tokens"])


@pytest.mark.parametrize(
    "marks", [{}, {"service": 5}, {"service": 6, "attitude": 1}, {"service": 5, "attitude": 5, "name": 1}]
)
async def test_an_incomplete_answer_leaves_the_token_good(house: House, marks: dict[str, int]) -> None:
    survey = await open_survey(house)
    [token] = await house.tokens(survey, 1)
    refused = await house.answer(survey, token, marks)
    assert refused.status_code == 422
    assert token not in refused.text
    assert (await house.answer(survey, token)).status_code == 201


async def test_unknown_foreign_and_withdrawn_tokens_are_answered_alike(house: House, other_house: House) -> None:
    survey, foreign = await open_survey(house), await open_survey(other_house)
    [lost] = await house.tokens(survey, 1)
    [theirs] = await other_house.tokens(foreign, 1)
    body = {"community_unit_id": str(house.tenant.tree["community"].id), "reason": "测评码页遗失"}
    gone = await house.post(house.township, f"/surveys/{survey}/tokens/withdraw", body)
    assert gone == {"withdrawn": 1}
    answers = [await house.answer(survey, token) for token in ("x" * 43, theirs, lost)]
    assert [answer.status_code for answer in answers] == [409] * 3
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert (await house.answer(str(new_id()), lost)).status_code == 404
    assert (await house.answer(foreign, theirs)).status_code == 404
    assert (await other_house.answer(foreign, theirs)).status_code == 201


async def test_answers_are_taken_up_to_the_last_day_and_scores_shown_after_it(house: House) -> None:
    survey = await open_survey(house)
    tokens = await house.tokens(survey, 5)
    await house.move_to("2025-12-12")
    for token in tokens[:3]:
        assert (await house.answer(survey, token)).status_code == 201
    path = f"/surveys/{survey}/communities"
    first, second = (await house.get(house.county, path))["items"]
    assert (first["issued"], first["answered"], first["unused"], first["enough"], first["score"]) == (
        5,
        3,
        2,
        True,
        None,
    )
    assert (second["answered"], second["enough"]) == (0, False)
    await house.move_to("2025-12-13")
    assert (await house.answer(survey, tokens[3])).status_code == 409
    order = {"community_unit_id": str(house.tenant.tree["community"].id), "count": 1}
    await house.post(house.township, f"/surveys/{survey}/tokens", order, 409)
    first, second = (await house.get(house.township, path))["items"]
    assert (float(first["score"]), second["score"]) == (100.0, None)


async def test_who_is_signed_in_does_not_answer(house: House) -> None:
    survey = await open_survey(house)
    [token] = await house.tokens(survey, 1)
    for caller in (house.county, await house.worker()):
        body = {"token": token, "marks": MARKS}
        assert (await house.tenant.post(caller, f"{PATH}/surveys/{survey}/answers", body)).status_code == 403
    assert (await house.answer(survey, token)).status_code == 201


async def test_a_cycle_has_one_survey_and_the_stage_ends_after_it(house: House) -> None:
    survey = await open_survey(house)
    cycle = (await house.get(house.county, f"/surveys/{survey}"))["cycle_id"]
    body = {"title": "再次测评", "questions": [{"code": "a", "text": "问题", "best": 5}], "closes_on": "2025-12-20"}
    assert (await house.post(house.county, f"/cycles/{cycle}/survey", body, 409))["type"] == "/problems/conflict"
    early = await house.advance(cycle, "residents", 409)
    assert (early["type"], early["article"]) == ("/problems/rule-refused", "NM-28")


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    survey = await open_survey(house)
    cycle = (await house.get(house.county, f"/surveys/{survey}"))["cycle_id"]
    worker = await house.worker()
    place = str(house.tenant.tree["community"].id)
    body = {"title": "测评", "questions": [{"code": "a", "text": "问题", "best": 5}], "closes_on": "2025-12-20"}
    for caller, status in (
        (house.finance, 403),
        (house.township, 403),
        (worker, 403),
        (None, 401),
        (house.sibling, 404),
    ):
        await house.post(caller, f"/cycles/{cycle}/survey", body, status)
    order = {"community_unit_id": place, "count": 1}
    lost = {"community_unit_id": place, "reason": "测评码页遗失"}
    for caller, status in ((house.finance, 403), (worker, 403), (PUBLIC, 403), (None, 401), (house.sibling, 404)):
        await house.post(caller, f"/surveys/{survey}/tokens", order, status)
        await house.post(caller, f"/surveys/{survey}/tokens/withdraw", lost, status)
        for path in (f"/surveys/{survey}", f"/surveys/{survey}/communities"):
            assert (await house.tenant.get(caller, f"{PATH}{path}")).status_code == status
    assert (await house.tenant.get(house.finance, f"{PATH}/surveys")).status_code == 403
    assert (await house.get(house.sibling, "/surveys"))["items"] == []
    await house.post(house.township, f"/surveys/{survey}/tokens", order, 201)
    assert (await house.tenant.get(None, f"{PATH}/surveys/{survey}/form")).status_code == 401
