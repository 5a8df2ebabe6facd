"""The order of the stages is the pack's."""

import pytest

from kernel.errors import InvalidInput, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.selection import rules


@pytest.mark.article("NM-8")
def test_the_stages_are_those_the_pack_marks_in_its_order(neimenggu: Pack) -> None:
    assert [step.id for step in rules.stages(neimenggu)] == ["exam", "medical", "inspection"]


@pytest.mark.article("NM-8")
def test_each_stage_follows_the_one_before(neimenggu: Pack) -> None:
    order = rules.stages(neimenggu)
    done: dict[str, str] = {}
    for step in order:
        for other in order:
            if other.id == step.id:
                continue
            with pytest.raises(WrongState):
                rules.check_order(order, done, other.id, "qualified")
        assert rules.check_order(order, done, step.id, "qualified") is step
        with pytest.raises(WrongState) as early:
            rules.check_complete(order, done)
        assert early.value.article == step.article
        done[step.id] = "passed"
    rules.check_complete(order, done)
    assert rules.next_step(order, done) is None


def test_after_a_failed_stage_nothing_comes(neimenggu: Pack) -> None:
    order = rules.stages(neimenggu)
    assert rules.next_step(order, {"exam": "failed"}) is None
    with pytest.raises(WrongState):
        rules.check_order(order, {"exam": "failed"}, "medical", "qualified")
    with pytest.raises(WrongState):
        rules.check_complete(order, {"exam": "passed", "medical": "failed"})


def test_only_the_qualified_are_selected_and_only_through_known_stages(neimenggu: Pack) -> None:
    order = rules.stages(neimenggu)
    for state in ("submitted", "not_qualified", "proposed", "hired"):
        with pytest.raises(WrongState):
            rules.check_order(order, {}, "exam", state)
    with pytest.raises(InvalidInput):
        rules.check_order(order, {}, "publicity", "qualified")
