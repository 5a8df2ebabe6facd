"""Documents are taken in while they are wanted, and no longer (NM-8)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kernel.errors import InvalidInput, WrongState
from services.recruitment.material import rules
from services.recruitment.material.rules import Request

CLOSES = datetime(2024, 9, 20, 10, tzinfo=UTC)
ASKED = Request(UUID(int=1), ("work_proof",), CLOSES + timedelta(days=2))
MOMENT = timedelta(microseconds=1)


def answering(kind: str = "diploma", **changes: Any) -> UUID | None:
    given: dict[str, Any] = {
        "state": "submitted",
        "count": 0,
        "now": CLOSES - MOMENT,
        "closes_at": CLOSES,
        "asked": ["diploma"],
        "requests": [],
    }
    return rules.answering(kind, **given | changes)


def test_until_the_minute_of_closing_and_not_in_it() -> None:
    assert answering() is None
    with pytest.raises(WrongState):
        answering(now=CLOSES)


def test_a_request_is_answered_until_its_deadline() -> None:
    assert answering("work_proof", now=ASKED.deadline - MOMENT, requests=[ASKED]) == ASKED.id
    with pytest.raises(WrongState):
        answering("work_proof", now=ASKED.deadline, requests=[ASKED])
    with pytest.raises(WrongState):
        answering("diploma", now=CLOSES, requests=[ASKED])


def test_only_what_notice_or_request_names_is_taken() -> None:
    with pytest.raises(InvalidInput):
        answering("photo")


@pytest.mark.parametrize("state", ["withdrawn", "qualified", "not_qualified", "hired"])
def test_nothing_is_taken_once_the_review_is_over(state: str) -> None:
    with pytest.raises(WrongState):
        answering(state=state)


def test_so_many_documents_and_no_more() -> None:
    assert answering(count=rules.MOST - 1) is None
    with pytest.raises(WrongState):
        answering(count=rules.MOST)


@pytest.mark.parametrize(
    ("came", "now", "state"),
    [
        ((), ASKED.deadline - MOMENT, "open"),
        ((), ASKED.deadline, "lapsed"),
        (("work_proof",), ASKED.deadline, "answered"),
    ],
)
def test_how_a_request_stands(came: tuple[str, ...], now: datetime, state: str) -> None:
    assert Request(ASKED.id, ASKED.kinds, ASKED.deadline, came).state(now) == state


def test_what_is_missing_is_what_is_required_and_did_not_come() -> None:
    assert rules.missing(["diploma", "photo", "diploma"], {"photo"}) == ["diploma"]
    rules.check_complete([], [ASKED], ASKED.deadline)
    for lacking, now in ((["学历证书"], ASKED.deadline), ([], ASKED.deadline - MOMENT)):
        with pytest.raises(WrongState):
            rules.check_complete(lacking, [ASKED], now)
