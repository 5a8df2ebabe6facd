"""Whose duties stand on the public page and who publishes it (SH-9, SH-11; NM-13, NM-14, NM-26)."""

from datetime import date

import pytest

from kernel.errors import Forbidden, InvalidInput
from services.roster.duty_page import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

DAY = date(2025, 2, 3)


@pytest.mark.article("SH-11")
def test_each_centre_has_the_duties_of_its_item_and_the_branch_none() -> None:
    pack = shuanghe()
    places = rules.places(pack)
    assert places is not None
    duties = {name: rules.duties_of(pack, name) for name in places.items}
    assert {name: written.article if written else None for name, written in duties.items()} == {
        "branch": None,
        "party_building": "SH-11(1)",
        "stability": "SH-11(2)",
        "masses": "SH-11(3)",
        "social_affairs": "SH-11(4)",
    }
    text = pack.article("SH-11").text or ""
    for written in duties.values():
        assert all(item.label.zh in text for item in (written.items.values() if written else ()))
    assert rules.by_category(pack) == {}


@pytest.mark.article("NM-13", "NM-14")
def test_a_regulation_without_places_writes_duties_by_category() -> None:
    pack = inner_mongolia()
    assert rules.places(pack) is None
    assert rules.written(pack).outcome == "not_regulated"
    assert rules.written(shuanghe()).article == "SH-9"
    assert {name: duties.article for name, duties in rules.by_category(pack).items()} == {
        "committee_member": "NM-13",
        "community_staff": "NM-14",
    }


@pytest.mark.article("NM-26")
def test_where_the_text_names_the_level_no_other_publishes() -> None:
    pack = inner_mongolia()
    figure = pack.parameter(rules.PAGE_LEVEL, DAY)
    rules.check_publisher(pack, figure, "township")
    for level in ("county", "community", None):
        with pytest.raises(Forbidden):
            rules.check_publisher(pack, figure, level)
    silent = shuanghe().parameter(rules.PAGE_LEVEL, DAY)
    for level in ("township", "community"):
        rules.check_publisher(shuanghe(), silent, level)


def test_a_commitment_is_of_a_place_that_is_there_or_of_all() -> None:
    rules.check_commitments(shuanghe(), [None, "masses"])
    rules.check_commitments(inner_mongolia(), [None])
    for pack, place in ((shuanghe(), "fifth_centre"), (inner_mongolia(), "masses")):
        with pytest.raises(InvalidInput) as refused:
            rules.check_commitments(pack, [None, place])
        assert refused.value.errors[0].pointer == "/commitments/1/place"
