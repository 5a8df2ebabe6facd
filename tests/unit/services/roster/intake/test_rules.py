"""What an entry of earlier history must be."""

from datetime import date

import pytest

from kernel.errors import InvalidInput
from services.roster.intake import rules
from tests.unit.services.roster.packs import inner_mongolia

TODAY = date(2024, 9, 2)


@pytest.mark.article("NM-3")
def test_categories_are_the_regulations() -> None:
    rules.check_category(inner_mongolia(), "committee_member")
    with pytest.raises(InvalidInput):
        rules.check_category(inner_mongolia(), "volunteer")


def test_workers_serve_in_communities() -> None:
    rules.check_community("community", "community")
    rules.check_community("township", None)
    with pytest.raises(InvalidInput):
        rules.check_community("township", "community")


def test_known_since_the_first_post_on_duty_since_the_first_of_those_held() -> None:
    past = (date(2010, 1, 1), date(2014, 1, 1))
    assert rules.first_days([past, (date(2015, 1, 1), None)], TODAY) == (date(2010, 1, 1), date(2015, 1, 1))
    assert rules.first_days([past], TODAY) == (date(2010, 1, 1), None)
    assert rules.first_days([(date(2020, 1, 1), TODAY)], TODAY)[1] is None
