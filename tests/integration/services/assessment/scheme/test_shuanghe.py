"""The method of a regiment: it stands without an approval, and the guidance of the division-city is on record."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.regiment import Regiment


@pytest.fixture
async def regiment(assessment: ServiceUnderTest) -> Regiment:
    return await Regiment.open(assessment)


@pytest.mark.article("SH-20")
async def test_guidance_is_recorded_and_holds_nothing_up(regiment: Regiment) -> None:
    scheme = await regiment.method()
    assert scheme["state"] == "approved"
    await regiment.post(regiment.county, "/cycles", {"year": 2025}, 201)
    decisions = f"/approvals/{scheme['case_id']}/decisions"
    for caller, step in (
        (regiment.desks.organization, "organization"),
        (regiment.desks.civil_affairs, "civil_affairs"),
    ):
        advice = {"action": "guide", "step": step, "comment": "指标设置符合要求，建议细化台账"}
        for stranger in (regiment.county, regiment.approver, regiment.finance):
            await regiment.post(stranger, decisions, advice, 403)
        case = await regiment.post(caller, decisions, advice)
        assert case["state"] == "approved"
    timeline = await regiment.get(regiment.league, f"/approvals/{scheme['case_id']}/timeline")
    said = [(each["action"], each["step"], each["article"]) for each in timeline["items"] if each["action"] == "guide"]
    assert sorted(said) == [("guide", "civil_affairs", "SH-20"), ("guide", "organization", "SH-20")]
    assert (await regiment.get(regiment.county, f"/schemes/{scheme['id']}"))["state"] == "approved"


@pytest.mark.article("SH-22")
async def test_a_method_without_days_of_publicity_or_with_a_stage_left_out_is_refused(regiment: Regiment) -> None:
    for changes, pointer in (
        ({"publicity_days": None, "publicity_unit": None}, "/terms/publicity_days"),
        ({"stages": ["self", "township", "residents", "confirm"]}, "/terms/stages"),
    ):
        refused = await regiment.post(regiment.county, "/schemes", regiment.draft(**changes), 422)
        assert (pointer, "SH-22") in [(each["pointer"], each.get("article")) for each in refused["errors"]]
