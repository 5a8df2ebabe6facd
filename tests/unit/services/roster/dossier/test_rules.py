"""The four parties to a worker stand apart, as far as the regulation names them."""

from datetime import date

import pytest

from services.roster.dossier.rules import party_levels
from tests.unit.services.roster.packs import changed, inner_mongolia

DAY = date(2025, 3, 3)


@pytest.mark.article("NM-12", "NM-17", "NM-24")
def test_employer_payer_manager_and_user_stand_at_the_levels_of_their_articles() -> None:
    assert party_levels(inner_mongolia(), DAY) == {
        "employer": "township",
        "payer": "county",
        "manager": "township",
        "user": "community",
    }


def test_a_party_that_the_regulation_does_not_name_is_left_out() -> None:
    silent = changed({"contract.party_level": {"absent": True}})
    assert "employer" not in party_levels(silent, DAY)


def test_a_party_left_to_another_level_is_left_out_until_it_is_named() -> None:
    left_open = changed(
        {"contract.party_level": {"deferred": "league", "article": "NM-12", "words": "街道（苏木乡镇）"}}
    )
    assert "employer" not in party_levels(left_open, DAY)
