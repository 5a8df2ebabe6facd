"""A programme names posts of the regulation; a round belongs to one of the level responsible (NM-20)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput
from services.training.programme.rules import check_roles
from services.training.session.rules import check_round, check_year, responsible_level
from tests.unit.services.training.packs import changed, inner_mongolia

DAY = date(2025, 3, 3)


def test_posts_are_those_of_the_regulation() -> None:
    check_roles(inner_mongolia(), ["secretary", "staff"])
    with pytest.raises(InvalidInput) as refused:
        check_roles(inner_mongolia(), ["secretary", "mayor"])
    assert [error.pointer for error in refused.value.errors] == ["/roles/1"]


@pytest.mark.article("NM-20")
def test_a_round_is_the_countys() -> None:
    responsible = responsible_level(inner_mongolia(), DAY)
    assert responsible == "county"
    check_round(True, "county", responsible)
    check_round(False, "league", responsible)
    check_round(False, None, None)
    for level in ("league", None):
        with pytest.raises(InvalidInput):
            check_round(True, level, responsible)


def test_where_no_level_is_named_any_programme_makes_a_round_but_none_does_not() -> None:
    responsible = responsible_level(changed({"training.frequency_level": {"absent": True}}), DAY)
    check_round(True, "league", responsible)
    with pytest.raises(InvalidInput):
        check_round(True, None, responsible)


def test_a_class_ends_in_the_year_of_its_programme() -> None:
    check_year(date(2025, 12, 31), 2025)
    with pytest.raises(InvalidInput):
        check_year(date(2026, 1, 1), 2025)
