"""What may be scored, and within which range."""

from decimal import Decimal

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.ids import new_id
from services.assessment.scheme.rules import freeze
from services.assessment.scoring import rules
from tests.unit.services.assessment.packs import as_terms, inner_mongolia
from tests.unit.services.assessment.scheme.test_rules import DAY

METHOD = freeze(inner_mongolia(), as_terms(), DAY)
TOWNSHIP = METHOD.stage("township")
PARTS = METHOD.components_of([TOWNSHIP])


@pytest.mark.parametrize("points", ["0", "100", "99.99"])
def test_points_from_zero_to_full(points: str) -> None:
    rules.check_component("political_quality", Decimal(points), Decimal(100), PARTS, 0)


def test_points_over_full_and_components_of_another_stage_are_refused() -> None:
    for code, points in (("political_quality", "100.01"), ("work_results", "50"), ("unknown", "50")):
        with pytest.raises(InvalidInput) as refused:
            rules.check_component(code, Decimal(points), Decimal(100), PARTS, 3)
        assert refused.value.errors[0].pointer.startswith("/scores/3/")


def test_everybody_has_every_score_of_the_stage() -> None:
    one, two = new_id(), new_id()
    rules.check_complete(TOWNSHIP, [one], PARTS, {one: {"political_quality"}})
    rules.check_complete(TOWNSHIP, [], PARTS, {})
    with pytest.raises(RuleRefused):
        rules.check_complete(TOWNSHIP, [one, two], PARTS, {one: {"political_quality"}, two: {"work_results"}})


def test_only_who_takes_part_is_scored_and_assesses_themselves_once() -> None:
    rules.check_scored("open")
    rules.check_first(False)
    for state in ("out", "ungraded", "confirmed", "sealed"):
        with pytest.raises(WrongState):
            rules.check_scored(state)
    with pytest.raises(WrongState):
        rules.check_first(True)
