"""Workflow definitions: what the pack may write, and what is refused before any case starts (A1, A2)."""

from datetime import date
from typing import Any

import pytest

from kernel.approvals.definition import DefinitionRefused, Span, WorkflowDefinition
from kernel.calendar import CalendarMissing, WorkingCalendar
from tests.unit.kernel.approvals.factory import step, workflow


def test_dump_and_load_give_the_same_definition() -> None:
    flow = workflow(
        step(
            "check",
            "review",
            "society_work",
            article="NM-8",
            words="审核",
            due={"count": 5, "unit": "working"},
        ),
        step("show", "publicize", "society_work", period={"count": 5, "unit": "calendar"}),
        step("file", "file", "organization", blocks=True),
    )
    assert WorkflowDefinition.load(flow.dump()) == flow


@pytest.mark.parametrize("kind", ["approve", "review", "publicize"])
def test_every_kind_but_filing_blocks_by_itself(kind: str) -> None:
    assert workflow(step("one", kind, "society_work")).steps[0].blocks


def test_filing_does_not_block_unless_the_pack_says_so() -> None:
    assert not workflow(step("one", "file", "organization")).steps[0].blocks
    assert workflow(step("one", "file", "organization", blocks=True)).steps[0].blocks


def test_guidance_never_blocks() -> None:
    assert not workflow(step("one", "guide", "organization")).steps[0].blocks
    with pytest.raises(DefinitionRefused, match="never blocks"):
        workflow(step("one", "guide", "organization", blocks=True))


FIVE = {"count": 5, "unit": "working"}


def of(*steps: Any) -> dict[str, Any]:
    return {"name": "flow", "steps": list(steps)}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (of(), "steps is empty"),
        ({"steps": [step("a", "approve", "x")]}, "name is missing"),
        (of(step("a", "bless", "x")), "unknown kind bless"),
        (of(step("a", "approve", "x"), step("a", "file", "x")), "same id"),
        (of({"id": "a", "kind": "approve"}), "by is missing"),
        (of(step("a", "approve", "")), "department is missing"),
        (of(step("a", "approve", "x", blocks=False)), "always blocks"),
        (of(step("a", "approve", "x", period=FIVE)), "only publicize"),
        (of(step("a", "approve", "x", due={**FIVE, "unit": "week"})), "calendar or working"),
        (of(step("a", "approve", "x", due={**FIVE, "count": 0})), "from 1"),
        (of("a"), "not a mapping"),
    ],
)
def test_a_definition_that_cannot_run_is_refused_with_its_place(data: dict[str, Any], words: str) -> None:
    with pytest.raises(DefinitionRefused, match=words):
        WorkflowDefinition.load(data)


@pytest.mark.parametrize(
    ("start", "span", "last"),
    [
        (date(2026, 3, 2), Span(5, "calendar"), date(2026, 3, 7)),
        (
            date(2026, 2, 12),
            Span(5, "working"),
            date(2026, 2, 26),
        ),  # 02-14 is a make-up day, then the festival
        (date(2026, 9, 30), Span(5, "working"), date(2026, 10, 13)),  # Saturday 10-10 counts
    ],
)
def test_the_first_day_does_not_count_and_the_last_day_does(start: date, span: Span, last: date) -> None:
    assert span.last_day(start, WorkingCalendar("test")) == last


def test_working_days_into_a_year_without_calendar_are_refused() -> None:
    with pytest.raises(CalendarMissing):
        Span(5, "working").last_day(date(2026, 12, 25), WorkingCalendar("test"))
