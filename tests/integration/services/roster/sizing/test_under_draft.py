"""Which communities would have other posts than a draft allows (P6)."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.drafts import altered, simulate
from tests.integration.services.roster.house import PACK as ELSEWHERE
from tests.integration.services.roster.regiment import DAY, PACK, Regiment

NORM = "headcount.community_norm"


def fewer(document: dict[str, Any]) -> None:
    for row in document["parameters"][NORM]["value"]:
        row["most"] = row["least"]


@pytest.fixture
async def regiment(roster: ServiceUnderTest) -> Regiment:
    return await Regiment.open(roster)


@pytest.mark.article("SH-5")
async def test_communities_outside_the_drafts_norm_are_told(regiment: Regiment) -> None:
    assert (await regiment.size(2_500, posts=15)).status_code == 201
    [report] = await simulate(regiment.tenant, altered(PACK, fewer), DAY)
    assert (report["probe"], report["examined"]) == ("community_posts", 1)
    assert report["ids"] == [regiment.id_of("community")]
    assert (report["before"], report["after"], report["articles"]) == (["within"], ["outside"], ["SH-5"])
    [report] = await simulate(regiment.tenant, PACK, DAY)
    assert report["ids"] == []


async def test_a_norm_without_a_chosen_number_is_told_in_numbers(regiment: Regiment) -> None:
    assert (await regiment.size(2_500)).status_code == 201
    [report] = await simulate(regiment.tenant, altered(PACK, fewer), DAY)
    assert (report["before"], report["after"]) == (["12–15"], ["12"])


async def test_a_draft_without_a_norm_by_size_says_so(regiment: Regiment) -> None:
    [report] = await simulate(regiment.tenant, ELSEWHERE, DAY)
    assert (report["refused"], report["done"]) == ("not-regulated", True)
