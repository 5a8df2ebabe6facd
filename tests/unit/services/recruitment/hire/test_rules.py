"""When a hire may be proposed, and that posts are never over-filled."""

import pytest

from kernel.errors import RuleRefused, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.hire import rules


@pytest.mark.article("NM-8")
def test_only_the_qualified_are_proposed_once(neimenggu: Pack) -> None:
    rules.check_proposable(neimenggu, "qualified")
    for state in ("submitted", "not_qualified", "failed", "proposed", "hired", "not_hired", "withdrawn"):
        with pytest.raises(WrongState) as refused:
            rules.check_proposable(neimenggu, state)
        assert refused.value.article == "NM-8(7)"


@pytest.mark.parametrize(("posts", "taken"), [(1, 0), (3, 2)])
def test_a_free_post_can_be_filled(neimenggu: Pack, posts: int, taken: int) -> None:
    rules.check_free(neimenggu, posts=posts, taken=taken)


@pytest.mark.parametrize(("posts", "taken"), [(1, 1), (3, 3), (3, 4)])
def test_no_post_is_filled_twice(neimenggu: Pack, posts: int, taken: int) -> None:
    with pytest.raises(RuleRefused):
        rules.check_free(neimenggu, posts=posts, taken=taken)


@pytest.mark.article("SH-8")
def test_without_a_publicity_the_decision_is_what_a_refusal_names(shuanghe: Pack) -> None:
    assert rules.article(shuanghe) == "SH-8(5)"
    with pytest.raises(WrongState) as refused:
        rules.check_proposable(shuanghe, "submitted")
    assert refused.value.article == "SH-8(5)"
