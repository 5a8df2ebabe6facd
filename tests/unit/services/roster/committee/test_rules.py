"""The two committees as SH-4 composes them: one seat too many, cross-appointments, police, and the statute."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import RuleRefused
from kernel.ids import new_id
from kernel.regulation.figures import NotRegulated
from services.roster.committee import actions, rules
from services.roster.committee.rules import Held, Norm
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

ON = date(2025, 1, 6)
NORM = Norm(shuanghe(), ON)


def seated(**numbers: int) -> list[Held]:
    """So many people in each post, nobody twice."""
    return [Held(new_id(), role) for role, number in numbers.items() for _ in range(number)]


def both(*roles: str) -> list[Held]:
    """One person in several posts."""
    somebody = new_id()
    return [Held(somebody, role) for role in roles]


def taken(held: list[Held], role: str, dossier: UUID | None = None) -> list[str]:
    """Rules of the findings once somebody more holds the role."""
    found = rules.check_taken(NORM, [*held, Held(dossier or new_id(), role)], role)
    return [each.rule for each in found]


@pytest.mark.article("SH-4")
@pytest.mark.parametrize(("role", "most"), [("secretary", 1), ("deputy_secretary", 1), ("branch_member", 3)])
def test_one_seat_too_many_of_the_branch_is_refused_with_the_article(role: str, most: int) -> None:
    assert taken(seated(**{role: most - 1}), role) == []
    with pytest.raises(RuleRefused) as refused:
        taken(seated(**{role: most}), role)
    assert refused.value.article == "SH-4"
    [finding] = refused.value.findings
    assert finding["facts"] == {"role": role, "held": most + 1, "most": most}


@pytest.mark.article("SH-4")
def test_the_extra_deputy_secretary_needs_the_director_as_deputy_secretary() -> None:
    with pytest.raises(RuleRefused) as refused:
        taken([*seated(deputy_secretary=1, director=1)], "deputy_secretary")
    assert "可增设 1 名" in refused.value.findings[0]["remarks"][0]["zh"]
    assert taken(both("director", "deputy_secretary"), "deputy_secretary") == []
    with pytest.raises(RuleRefused):
        taken([*both("director", "deputy_secretary"), *seated(deputy_secretary=1)], "deputy_secretary")
    # The director who takes the post as the second deputy opens the seat by doing so.
    director = Held(new_id(), "director")
    assert taken([director, *seated(deputy_secretary=1)], "deputy_secretary", director.dossier) == []


@pytest.mark.article("SH-4")
def test_persons_are_counted_once_part_time_included() -> None:
    held = [
        *both("secretary", "director"),
        *both("deputy_secretary", "deputy_director"),
        *seated(branch_member=3, committee_member=3),
    ]
    shown = Norm(shuanghe(), ON)
    assert len(rules.people(held, shown.roles)) == 8
    crowded = seated(secretary=1, director=1, deputy_director=1, committee_member=3, branch_member=2)
    assert taken(crowded, "deputy_secretary") == []
    with pytest.raises(RuleRefused) as refused:
        taken([*crowded, *seated(deputy_secretary=1)], "branch_member")
    assert refused.value.findings[0]["rule"] == "committee.persons"
    assert refused.value.findings[0]["facts"] == {"persons": 10, "most": 9}
    # Somebody who is among the nine already takes a seat and makes no tenth person.
    assert taken([*crowded, *seated(deputy_secretary=1)], "branch_member", crowded[3].dossier) == []


@pytest.mark.article("SH-4", "ORG-8")
@pytest.mark.parametrize(("role", "most"), [("committee_member", 3), ("deputy_director", 1)])
def test_what_the_statute_allows_is_shown_with_both_texts_and_not_refused(role: str, most: int) -> None:
    found = rules.check_taken(NORM, seated(**{role: most + 1}), role)
    [finding] = found
    assert (finding.outcome, finding.article) == ("not_met", "SH-4")
    assert "ORG-8" in finding.remarks[-1].zh
    assert "以法律为准" in finding.remarks[-1].zh
    assert rules.check_taken(NORM, seated(committee_member=9), "committee_member")
    with pytest.raises(RuleRefused) as refused:
        rules.check_taken(NORM, seated(committee_member=10), "committee_member")
    assert refused.value.article == "SH-4"


@pytest.mark.article("SH-4")
def test_an_officer_takes_no_seat_and_two_are_enough() -> None:
    full = seated(deputy_director=1)
    assert taken(full, "police_deputy_director") == []
    assert taken([*full, *seated(police_officer=1)], "police_deputy_director") == []
    with pytest.raises(RuleRefused) as refused:
        taken(seated(police_officer=1, police_deputy_director=1), "police_officer")
    assert refused.value.findings[0]["rule"] == "committee.outside"
    # One officer in both posts is one officer.
    officers = [*both("police_officer", "police_deputy_director"), *seated(police_officer=1)]
    assert rules.check_taken(NORM, officers, "police_officer") == []
    assert rules.people(officers, NORM.roles) == set()


@pytest.mark.article("SH-4")
def test_posts_outside_the_two_committees_are_not_limited() -> None:
    assert taken(seated(staff=50), "staff") == []
    assert taken(seated(public_welfare=50), "public_welfare") == []


@pytest.mark.article("SH-4", "ORG-8")
def test_what_is_missing_is_found_and_the_two_texts_stand_side_by_side() -> None:
    few = rules.findings(NORM, seated(secretary=1, director=1, deputy_director=1, committee_member=1))
    by_rule = [(each.rule, each.outcome) for each in few]
    assert by_rule.count(("committee.seat", "not_met")) == 2
    assert ("committee.persons", "not_met") in by_rule
    assert ("committee.outside", "not_met") in by_rule
    statute = few[-1]
    assert (statute.article, statute.outcome) == ("ORG-8", "not_met")
    assert statute.facts == {"persons": 3, "least": 5, "most": 9}
    assert "合计 3 至 5 人" in statute.remarks[0].zh
    held = [
        *seated(secretary=1, deputy_secretary=1, branch_member=1, director=1, deputy_director=1, committee_member=3),
        *seated(police_officer=1),
    ]
    whole = rules.findings(NORM, held)
    assert [(each.rule, each.outcome) for each in whole] == [("committee.statute", "met")]


@pytest.mark.article("SH-4", "ORG-8")
@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from([*NORM.roles, *NORM.outside])), max_size=40))
def test_whatever_is_accepted_one_after_another_stays_within_the_numbers(posts: list[tuple[int, str]]) -> None:
    held: list[Held] = []
    for number, role in posts:
        after = [*held, Held(UUID(int=number), role)]
        try:
            rules.check_taken(NORM, after, role)
        except RuleRefused:
            continue
        held = after
    for seat in NORM.seats:
        assert seat.statutory or len(rules.people(held, [seat.role])) <= NORM.most_of(seat, held)
    assert len(rules.people(held, NORM.outside)) <= 2
    assert NORM.lawful(held)


def test_a_regulation_that_says_nothing_limits_nothing() -> None:
    pack = inner_mongolia()
    assert not actions.regulates(pack, "secretary", ON)
    assert actions.check_taken(pack, seated(secretary=9), "secretary", ON) == []
    assert actions.has_room(pack, seated(secretary=9), "secretary", ON)
    with pytest.raises(NotRegulated):
        rules.check_regulated(pack, ON)


@pytest.mark.article("SH-4")
def test_every_post_of_the_composition_is_one_of_the_regulation() -> None:
    pack = shuanghe()
    named = [*NORM.roles, *NORM.outside, *(name for each in NORM.extras for name in (each.role, each.held_with))]
    assert {name for name in named if pack.role(name) is None} == set()
    assert all(known.part_time_category == "part_time_member" for role in NORM.roles if (known := pack.role(role)))
    # What is fixed for one person at a time is fixed for one seat too.
    single = {name for name, role in pack.document.roles.items() if role.once_per_community}
    assert single == {each.role for each in NORM.seats if each.most == 1} - {"deputy_secretary", "deputy_director"}


@pytest.mark.article("SH-7")
def test_room_for_a_successor() -> None:
    pack = shuanghe()
    assert actions.has_room(pack, seated(branch_member=2), "branch_member", ON)
    assert not actions.has_room(pack, seated(branch_member=3), "branch_member", ON)
    assert actions.has_room(pack, both("director", "deputy_secretary"), "deputy_secretary", ON)
    assert actions.has_room(pack, [], "staff", ON)
