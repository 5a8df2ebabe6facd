"""A substitute is admitted in another's post, on the days of the substitution only (T3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.edgefeed.changes import PostRemoved, SubstituteSet, TenantRemoved
from kernel.clock import local_date
from kernel.errors import Forbidden
from tests.unit.gateway.edge.factory import POST, TENANT, USER, facts, post
from tests.unit.gateway.edge.test_admission import NOW, decide

STAND_IN = UUID("01900000-0000-7000-8000-000000000301")
OTHER_POST = UUID("01900000-0000-7000-8000-000000000302")
# The tenant lives one day ahead.
TODAY = local_date(datetime.fromtimestamp(NOW + 86_400, UTC))


def substitute(days: int = 0, length: int = 1, **changed: Any) -> SubstituteSet:
    """Stands in for the holder of the post from so many days after today."""
    first = TODAY + timedelta(days=days)
    said: dict[str, Any] = {
        "id": UUID(int=1),
        "tenant": TENANT,
        "post": POST,
        "user": STAND_IN,
        "valid_from": first,
        "valid_before": first + timedelta(days=length),
    }
    return SubstituteSet(**(said | changed))


def test_a_substitute_acts_in_the_post_as_themselves() -> None:
    made = decide(facts(substitute()), sub=str(STAND_IN))
    assert made.caller is not None
    assert (made.caller.members["user"], made.caller.members["post"], made.caller.members["lo"]) == (
        STAND_IN.bytes,
        POST.bytes,
        3000,
    )
    # The holder stays in the post.
    held = decide(facts(substitute()))
    assert held.caller is not None
    assert held.caller.members["user"] == USER.bytes


@pytest.mark.parametrize(
    "said",
    [
        substitute(days=1),
        substitute(days=-1),
        substitute(length=0),
        substitute(user=UUID(int=7)),
        substitute(post=OTHER_POST),
    ],
)
def test_nobody_acts_in_anothers_post_without_a_substitution_for_the_day(said: SubstituteSet) -> None:
    with pytest.raises(Forbidden):
        decide(facts(said), sub=str(STAND_IN))


def test_an_ended_substitution_and_an_ended_post_end_it_at_once() -> None:
    for change in (substitute(days=-5, length=5), post(valid_from=date(2020, 1, 1), valid_before=TODAY)):
        known = facts(substitute())
        decide(known, sub=str(STAND_IN))
        known.apply(change)
        with pytest.raises(Forbidden):
            decide(known, sub=str(STAND_IN))


def test_what_is_gone_leaves_no_substitution_behind() -> None:
    for change in (PostRemoved(id=POST), TenantRemoved(id=TENANT)):
        known = facts(substitute())
        known.apply(change)
        assert known.substitutes == {}
