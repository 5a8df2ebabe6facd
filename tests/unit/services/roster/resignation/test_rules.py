"""Which day is the last after a resignation, at both sides of each boundary (NM-29, LCL-37)."""

from datetime import date

import pytest

from kernel.errors import Conflict, InvalidInput
from services.roster.resignation.rules import Notice, findings, last_day, path_of
from tests.unit.services.roster.packs import inner_mongolia

pytestmark = pytest.mark.article("NM-29", "LCL-37")
PACK = inner_mongolia()


@pytest.mark.parametrize(
    ("given_on", "probation_before", "contract_before", "last"),
    [
        (date(2025, 3, 10), None, None, date(2025, 4, 9)),
        (date(2025, 1, 31), None, None, date(2025, 3, 2)),
        (date(2025, 9, 1), None, None, date(2025, 10, 1)),  # a holiday stretches nothing
        (date(2025, 3, 9), date(2025, 3, 10), None, date(2025, 3, 12)),
        (date(2025, 3, 10), date(2025, 3, 10), None, date(2025, 4, 9)),
        (date(2025, 3, 10), None, date(2025, 4, 10), date(2025, 4, 9)),
        (date(2025, 3, 10), None, date(2025, 4, 9), date(2025, 4, 8)),
    ],
)
def test_the_notice_counts_from_the_next_day(
    given_on: date, probation_before: date | None, contract_before: date | None, last: date
) -> None:
    assert last_day(PACK, Notice(given_on, probation_before, contract_before)) == last


def test_a_later_day_may_be_named_but_none_before_the_notice_ends() -> None:
    day = date(2025, 3, 10)
    assert last_day(PACK, Notice(day, None, None, date(2025, 4, 9))) == date(2025, 4, 9)
    assert last_day(PACK, Notice(day, None, None, date(2025, 4, 30))) == date(2025, 4, 30)
    with pytest.raises(InvalidInput):
        last_day(PACK, Notice(day, None, None, date(2025, 4, 8)))


def test_an_office_goes_by_party_rules() -> None:
    assert path_of(PACK, "elected_office") == "party_rules"
    [finding] = findings(PACK, "party_rules", None)
    assert (finding.article, finding.outcome) == ("NM-29", "needs_judgement")


def test_a_contract_goes_by_statute_and_both_articles_are_cited() -> None:
    assert path_of(PACK, "labour_contract") == "statute"
    found = findings(PACK, "statute", Notice(date(2025, 3, 10), None, None))
    assert [each.article for each in found] == ["NM-29", "LCL-37"]
    assert all(each.passes for each in found)


@pytest.mark.parametrize("relation", [None, "service_agreement"])
def test_there_must_be_something_to_resign_from(relation: str | None) -> None:
    with pytest.raises(Conflict):
        path_of(PACK, relation)
