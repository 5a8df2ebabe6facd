"""Who counts, and which plan's posts are free (NM-5)."""

from datetime import date
from uuid import UUID

import pytest

from services.roster.headcount import rules
from services.roster.headcount.rules import Asked
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

ON = date(2024, 9, 2)
UNIT, OTHER = UUID(int=1), UUID(int=2)
WARNS = {"headcount.beyond": {"value": "warn", "ours": {"zh": "试", "en": "A trial"}}}


def asked(posts: int, fixed: int | None = 5, occupied: int = 2, reserved: int = 1) -> Asked:
    return Asked(UNIT, posts, fixed, occupied, reserved)


@pytest.mark.article("NM-5")
def test_exactly_the_free_posts_are_granted_and_one_more_is_not() -> None:
    assert rules.first_lacking([asked(2)], inner_mongolia(), ON) is None
    assert rules.first_lacking([asked(3)], inner_mongolia(), ON) == asked(3)
    assert asked(3).free == 2


def test_the_first_community_that_lacks_posts_is_named() -> None:
    lines = [asked(1), Asked(OTHER, 1, 1, 1, 0)]
    found = rules.first_lacking(lines, inner_mongolia(), ON)
    assert found is not None
    assert found.unit == OTHER


def test_a_norm_that_warns_grants_beyond_it_but_nothing_where_no_number_was_fixed() -> None:
    pack = changed(WARNS)
    assert rules.first_lacking([asked(3)], pack, ON) is None
    assert rules.first_lacking([asked(1, fixed=None)], pack, ON) is not None
    assert rules.first_lacking([asked(1, fixed=None)], inner_mongolia(), ON) is not None


def test_a_regulation_without_numbers_refuses_nothing_and_counts_nobody() -> None:
    silent = {path: {"absent": True} for path in (rules.BEYOND, rules.COUNTED, rules.TOTAL_LEVEL, rules.CEILING_LEVEL)}
    pack = changed(silent)
    assert rules.first_lacking([asked(9, fixed=None)], pack, ON) is None
    assert rules.counted(pack, ON) == []
    assert rules.summed_level(pack, ON) is None
    assert rules.levels(pack, ON) == ["community"]


@pytest.mark.article("NM-5", "NM-6")
def test_members_of_the_two_committees_and_staff_count_and_totals_stand_for_counties() -> None:
    pack = inner_mongolia()
    assert rules.counted(pack, ON) == ["committee_member", "community_staff"]
    assert rules.summed_level(pack, ON) == "county"
    assert rules.levels(pack, ON) == ["league", "county", "community"]
    assert rules.article(pack, ON) == "NM-5"
    assert rules.article(pack, ON, fixed=False) == "NM-6"


@pytest.mark.article("SH-3", "SH-4", "SH-5")
def test_those_who_take_no_post_stand_apart_and_public_welfare_is_flagged() -> None:
    people = {"committee_member": 4, "community_staff": 3, "public_welfare": 2, "community_police": 1, "unknown": 1}
    found = rules.apart(shuanghe(), people, ON)
    assert [(each.category, each.persons, each.flagged) for each in found] == [
        ("public_welfare", 2, True),
        ("community_police", 1, False),
        ("unknown", 1, False),
    ]
    assert rules.members(shuanghe(), ON) == ["committee_member"]
    assert rules.levels(shuanghe(), ON) == ["community"]
    assert rules.article(shuanghe(), ON) == rules.article(shuanghe(), ON, fixed=False) == "SH-5"


@pytest.mark.article("NM-5")
def test_a_regulation_without_flags_flags_nobody_and_reckons_no_seats_to_hire() -> None:
    found = rules.apart(inner_mongolia(), {"community_staff": 3, "part_time_member": 1}, ON)
    assert [(each.category, each.flagged) for each in found] == [("part_time_member", False)]
    assert rules.members(inner_mongolia(), ON) is None
