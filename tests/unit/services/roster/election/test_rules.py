"""Who organises a by-election, when there is one, and what office asks (SH-6, SH-7)."""

from datetime import date

import pytest

from kernel.errors import Forbidden, RuleRefused
from kernel.regulation.figures import NotRegulated
from services.roster.election import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

ON = date(2025, 1, 6)


@pytest.mark.article("SH-7")
def test_the_regiment_organises_a_by_election_and_nobody_else() -> None:
    assert rules.organiser_level(shuanghe(), ON) == "township"
    rules.check_organiser(shuanghe(), ON, organiser=2000, acting=2000)
    for organiser, acting in ((2000, 1000), (2000, None), (None, 1000), (None, None)):
        with pytest.raises(Forbidden) as refused:
            rules.check_organiser(shuanghe(), ON, organiser=organiser, acting=acting)
        assert refused.value.article == "SH-7"
        assert refused.value.detail is not None
        assert "团场（街道）" in refused.value.detail.zh
    with pytest.raises(NotRegulated):
        rules.organiser_level(inner_mongolia(), ON)


@pytest.mark.article("SH-7")
def test_a_by_election_needs_somebody_who_left_and_a_free_seat() -> None:
    rules.check_vacancy(shuanghe(), "branch_member", ON, left=True, room=True)
    for left, room in ((True, False), (False, True), (False, False)):
        with pytest.raises(RuleRefused) as refused:
            rules.check_vacancy(shuanghe(), "branch_member", ON, left=left, room=room)
        assert refused.value.article == "SH-7"


@pytest.mark.article("SH-6")
@pytest.mark.parametrize(
    ("code", "outcome"), [("31", "met"), ("21", "met"), ("61", "not_met"), (None, "needs_judgement")]
)
def test_education_is_shown_as_it_is_and_the_rest_waits_for_a_human(code: str | None, outcome: str) -> None:
    found = {each.rule: each for each in rules.conditions(shuanghe(), code, ON)}
    assert found["eligibility.education"].outcome == outcome
    assert found["eligibility.education"].article == "SH-6(5)"
    judged = {each.outcome for name, each in found.items() if name != "eligibility.education"}
    assert (len(found), judged) == (5, {"needs_judgement"})


@pytest.mark.article("NM-7")
def test_a_regulation_that_asks_nothing_of_office_shows_nothing() -> None:
    assert rules.conditions(inner_mongolia(), "61", ON) == []
