"""Which office acts at a step and whether a post belongs to it (A1, A3, A6)."""

from dataclasses import replace
from typing import Any

import pytest

from kernel.approvals import resolve
from kernel.approvals.resolve import Holder
from kernel.context import Actor
from kernel.ids import new_id
from tests.unit.kernel.approvals.factory import COUNTY, LEAGUE, SYSTEM, official, opened, step, workflow

REVIEW = workflow(step("check", "review", "society_work", "league"))
FILE = workflow(step("file", "file", "organization", "league", blocks=True))


def test_a_step_without_a_unit_of_its_level_is_unstaffed() -> None:
    assert resolve.seat("review", None, [], ()).unstaffed == "no_unit"


def test_a_step_whose_office_has_only_handlers_and_viewers_is_unstaffed() -> None:
    holders = [Holder(new_id(), new_id(), "handler"), Holder(new_id(), new_id(), "viewer")]
    assert resolve.seat("review", LEAGUE, holders, ()).unstaffed == "no_post"
    assert resolve.seat("file", LEAGUE, holders, ()).unstaffed is None


def test_a_step_that_only_its_submitter_could_decide_is_unstaffed() -> None:
    alone = new_id()
    holders = [Holder(new_id(), alone, "approver")]
    assert resolve.seat("review", LEAGUE, holders, {alone}).unstaffed == "only_barred"
    holders.append(Holder(new_id(), new_id(), "approver"))
    assert resolve.seat("review", LEAGUE, holders, {alone}).unstaffed is None


def test_a_step_all_of_whose_approvers_are_away_is_unstaffed_until_somebody_stands_in() -> None:
    holder, stand_in = new_id(), new_id()
    away = Holder(new_id(), holder, "approver", away=True)
    assert resolve.seat("review", LEAGUE, [away], ()).unstaffed == "on_leave"
    assert resolve.seat("review", LEAGUE, [away, Holder(new_id(), new_id(), "handler")], ()).unstaffed == "on_leave"
    assert resolve.seat("review", LEAGUE, [away, Holder(new_id(), new_id(), "approver")], ()).unstaffed is None
    covered = replace(away, substitute=stand_in)
    assert resolve.seat("review", LEAGUE, [covered], ()).unstaffed is None
    # Recusal holds for the substitute and for whom they stand in for.
    for barred in (holder, stand_in):
        assert resolve.seat("review", LEAGUE, [covered], {barred}).unstaffed == "only_barred"
    present = replace(covered, away=False)
    assert resolve.seat("review", LEAGUE, [present], {stand_in}).unstaffed is None
    assert resolve.seat("review", LEAGUE, [present], {holder}).unstaffed == "only_barred"
    # Whoever is there is barred, whoever is not is away.
    both = [away, Holder(new_id(), stand_in, "approver")]
    assert resolve.seat("review", LEAGUE, both, {stand_in}).unstaffed == "only_barred"


@pytest.mark.parametrize(
    "change",
    [
        {"unit_no": COUNTY},
        {"department_kind": "organization"},
        {"level": "county"},
        {"duty": "handler"},
        {"duty": "viewer"},
        {"kind": "person"},
    ],
)
def test_a_post_that_differs_in_one_point_may_not_act(change: dict[str, Any]) -> None:
    case = opened(REVIEW, official("county", "society_work", "handler"))
    right = official("league", "society_work")
    assert resolve.may_act(case.steps[0], right)
    assert not resolve.may_act(case.steps[0], replace(right, **change))


def test_an_approver_who_came_after_the_step_opened_may_act() -> None:
    case = opened(REVIEW, official("county", "society_work", "handler"))
    unstaffed = replace(case.steps[0], unstaffed="no_post")
    assert resolve.may_act(unstaffed, official("league", "society_work"))


def test_the_submitting_office_carries_on_when_the_submitter_has_left() -> None:
    case = opened(REVIEW, official("county", "society_work", "handler"))
    assert resolve.may_correct(case, official("county", "society_work", "handler"))
    assert not resolve.may_correct(case, official("county", "society_work", "viewer"))
    assert not resolve.may_correct(case, official("county", "organization", "handler"))
    assert not resolve.may_correct(case, SYSTEM)


def test_a_person_corrects_only_their_own() -> None:
    applicant = Actor("person", user=new_id(), person=new_id())
    case = opened(REVIEW, applicant)
    assert resolve.may_correct(case, applicant)
    assert not resolve.may_correct(case, Actor("person", user=new_id(), person=new_id()))


def test_whoever_the_case_concerns_is_barred_as_official_too() -> None:
    subject = official("league", "society_work")
    case = opened(REVIEW, official("county", "society_work", "handler"), subject_user=subject.user)
    assert resolve.is_self(case, subject)
    assert not resolve.is_self(case, official("league", "society_work"))
