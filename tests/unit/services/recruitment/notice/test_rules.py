"""When a notice may go out and which times it may name."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.errors import InvalidInput, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.notice import rules

NOW = datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def check(**changes: Any) -> None:
    times: dict[str, Any] = {"opens_at": NOW, "closes_at": NOW + SECOND, "birth_from": None, "birth_until": None}
    rules.check_times(now=NOW, **(times | changes))


@pytest.mark.article("NM-8")
def test_only_an_approved_plan_has_a_notice(neimenggu: Pack) -> None:
    rules.check_plan_approved(neimenggu, "approved")
    for state in ("draft", "submitted", "returned", "rejected"):
        with pytest.raises(WrongState) as refused:
            rules.check_plan_approved(neimenggu, state)
        assert refused.value.article == "NM-8"


@pytest.mark.article("NM-8")
def test_a_filing_is_sent_before_the_notice_but_not_waited_for(neimenggu: Pack) -> None:
    today = NOW.date()
    for states in ([], ["open"], ["done"]):
        rules.check_filing_sent(neimenggu, today, states)
    with pytest.raises(WrongState) as refused:
        rules.check_filing_sent(neimenggu, today, ["waiting"])
    assert refused.value.article == "NM-8"
    data = json.loads(neimenggu.to_json())
    data["document"]["parameters"]["recruitment.filing_before_notice"]["value"] = False
    rules.check_filing_sent(Pack.from_json(json.dumps(data)), today, ["waiting"])


def test_sign_up_has_a_length_and_ends_in_the_future() -> None:
    check()
    check(birth_from=date(2000, 1, 1), birth_until=date(2000, 1, 1))
    for wrong in (
        {"closes_at": NOW},
        {"opens_at": NOW + SECOND},
        {"opens_at": NOW + 2 * SECOND},
        {"birth_from": date(2000, 1, 2), "birth_until": date(2000, 1, 1)},
    ):
        with pytest.raises(InvalidInput):
            check(**wrong)


def test_a_notice_is_corrected_until_the_instant_it_closes() -> None:
    rules.check_correctable(NOW, NOW + SECOND)
    with pytest.raises(WrongState):
        rules.check_correctable(NOW, NOW)


@pytest.mark.article("NM-8")
def test_what_the_notice_leaves_out_is_the_packs_default_and_named_as_ours(neimenggu: Pack) -> None:
    terms = rules.exam_terms(neimenggu, {})
    assert terms is not None
    assert (terms.written_weight, terms.interview_weight, terms.interview_ratio) == (4000, 6000, 3)
    assert (terms.written_pass, str(terms.interview_pass), terms.replacement_rounds) == (None, "60.00", 1)
    assert set(terms.ours) >= {"written_weight", "interview_weight", "interview_ratio", "tie_break", "decimals"}
    assert terms.load(terms.stored()) == terms
    stated = rules.exam_terms(neimenggu, {"interview_ratio": 2})
    assert stated is not None
    assert (stated.interview_ratio, "interview_ratio" in stated.ours) == (2, False)


@pytest.mark.article("NM-8")
@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"written_weight": 5000, "interview_weight": 5000}, True),
        ({"written_weight": 0, "interview_weight": 10000}, True),
        ({"written_weight": 5000, "interview_weight": 5001}, False),
        ({"written_weight": 5000, "interview_weight": 4999}, False),
        ({"written_weight": 10000}, False),
        ({"tie_break": ["written", "written"]}, False),
        ({"tie_break": []}, True),
    ],
)
def test_weights_make_a_whole(neimenggu: Pack, given: dict[str, object], right: bool) -> None:
    if right:
        assert rules.exam_terms(neimenggu, given) is not None
        return
    with pytest.raises(InvalidInput):
        rules.exam_terms(neimenggu, given)


@pytest.mark.article("SH-6")
def test_a_regulation_without_an_age_needs_no_day_to_reckon_it(shuanghe: Pack, neimenggu: Pack) -> None:
    closes = datetime(2025, 2, 28, 16, 30, tzinfo=UTC)
    assert rules.reference_day(shuanghe, None, closes) == date(2025, 3, 1), "the day in Shanghai"
    for pack in (shuanghe, neimenggu):
        assert rules.reference_day(pack, date(2025, 2, 10), closes) == date(2025, 2, 10)
    with pytest.raises(InvalidInput) as refused:
        rules.reference_day(neimenggu, None, closes)
    assert [error.pointer for error in refused.value.errors] == ["/age_reference_date"]


@pytest.mark.article("SH-7")
def test_no_filing_is_owed_before_the_notice(shuanghe: Pack) -> None:
    rules.check_filing_sent(shuanghe, date(2025, 2, 10), ["waiting"])


@pytest.mark.article("SH-8")
def test_the_notice_says_how_the_exam_is_composed_because_nothing_else_does(shuanghe: Pack) -> None:
    stated = {"written_weight": 6000, "interview_weight": 4000, "interview_ratio": 3, "replacement_rounds": 1}
    terms = rules.exam_terms(shuanghe, stated)
    assert terms is not None
    assert (terms.written_weight, terms.written_pass, terms.interview_pass) == (6000, None, None)
    assert set(terms.ours) == {"decimals", "tie_break"}
    for left_out in ("interview_ratio", "replacement_rounds"):
        with pytest.raises(InvalidInput) as refused:
            rules.exam_terms(shuanghe, {name: value for name, value in stated.items() if name != left_out})
        assert [error.pointer for error in refused.value.errors] == [f"/exam/{left_out}"]
    with pytest.raises(InvalidInput):
        rules.exam_terms(shuanghe, {"interview_ratio": 3, "replacement_rounds": 1})
