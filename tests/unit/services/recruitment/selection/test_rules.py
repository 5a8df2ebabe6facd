"""The order of the stages is the pack's."""

import pytest

from kernel.errors import Forbidden, InvalidInput, WrongState
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


@pytest.mark.article("SH-8")
def test_medical_and_vetting_follow_the_exam(shuanghe: Pack) -> None:
    assert [step.id for step in rules.stages(shuanghe)] == ["exam", "medical", "vetting"]


@pytest.mark.article("SH-8")
def test_a_vetting_is_determined_by_a_named_official_with_a_reason(shuanghe: Pack, neimenggu: Pack) -> None:
    steps = {step.id: step for step in rules.stages(shuanghe)}
    rules.check_determined(steps["vetting"], named=True, reason="档案齐全，走访属实")
    for reason in (None, "", "  "):
        with pytest.raises(InvalidInput) as refused:
            rules.check_determined(steps["vetting"], named=True, reason=reason)
        assert [error.pointer for error in refused.value.errors] == ["/reason"]
    with pytest.raises(Forbidden) as stranger:
        rules.check_determined(steps["vetting"], named=False, reason="档案齐全")
    assert stranger.value.article == "SH-8(4)"
    for other in (steps["medical"], *rules.stages(neimenggu)):
        rules.check_determined(other, named=False, reason=None)
