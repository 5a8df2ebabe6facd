"""The machine against a small model, over random workflows and actions (A1–A3).

The model knows only positions: which step is the blocking one, which filings are still owed, whether the
case is with its submitter. No path may leave a case undecidable, decide twice, or lose a decision.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kernel.approvals import machine
from kernel.approvals.model import FINAL, ActionKind, Record
from kernel.context import Actor
from kernel.errors import Problem
from tests.unit.kernel.approvals.factory import SYSTEM, TODAY, act, official, opened, step, workflow

KINDS = ("approve", "review", "file", "filed_first", "guide", "publicize")
OWED = {"file": "acknowledge", "guide": "guide"}
"""Kinds that hold nothing, and what is done at them."""
SUBMITTER = official("county", "society_work", "handler")
DECIDER = official("league", "society_work")
VIEWER = official("league", "society_work", "viewer")
OWN = official("league", "society_work", user=SUBMITTER.user)
ACTORS = (SUBMITTER, DECIDER, VIEWER, OWN, SYSTEM)
DAYS = 3
CLOSING = ("approve", "reject", "acknowledge", "guide")


class Approval(RuleBasedStateMachine):
    """Any actor tries any action at any step on days that go by."""

    @initialize(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    def open(self, kinds: list[str]) -> None:
        self.kinds = kinds
        self.today: date = TODAY
        flow = workflow(*(self.defined(str(index), kind) for index, kind in enumerate(kinds)))
        self.case = opened(flow, SUBMITTER)
        self.records: list[Record] = []
        self.ends = 0
        self.at: int | None = -1  # model: index of the blocking step, None once over
        self.owed: set[int] = set()
        self.done: set[int] = set()
        self.with_submitter = False
        self.last: date | None = None
        self.unanswered: set[UUID] = set()
        self.upheld = False
        self.pass_on()
        if self.at is None:
            self.ends += 1

    def defined(self, step_id: str, kind: str) -> dict[str, Any]:
        if kind == "filed_first":
            return step(step_id, "file", "society_work", blocks=True)
        if kind == "publicize":
            return step(step_id, kind, "society_work", period={"count": DAYS, "unit": "calendar"})
        return step(step_id, kind, "society_work")

    def pass_on(self) -> None:
        """Model: go on to the next step that blocks."""
        following = (self.at if self.at is not None else -1) + 1
        while following < len(self.kinds) and self.kinds[following] in OWED:
            self.owed.add(following)
            following += 1
        self.at = following if following < len(self.kinds) else None
        self.reopen()

    def reopen(self) -> None:
        """Model: the blocking step begins (again)."""
        if self.at is not None and self.kinds[self.at] == "publicize":
            self.last = self.today + timedelta(days=DAYS)
            self.upheld = False

    def expected(self, kind: ActionKind, actor: Actor, index: int, objection: UUID | None, upheld: bool) -> bool:
        """Model: whether the action goes through; if so, the model follows."""
        over = self.at is None
        if kind in ("submit", "withdraw"):
            able = (SUBMITTER, OWN, SYSTEM) if kind == "withdraw" else (SUBMITTER, OWN)
            if actor not in able or over or (kind == "submit" and not self.with_submitter):
                return False
            self.with_submitter = False
            if kind == "submit":
                self.reopen()
            else:
                self.at, self.owed, self.unanswered = None, set(), set()
            return True
        if self.with_submitter or index >= len(self.kinds):
            return False
        name = self.kinds[index]
        if name in OWED:
            if kind != OWED[name] or index not in self.owed or actor != DECIDER:
                return False
            self.owed.discard(index)
            self.done.add(index)
            return True
        if index != self.at:
            return False
        suits = {
            "approve": ("approve", "return", "reject"),
            "review": ("approve", "return", "reject"),
            "filed_first": ("acknowledge",),
            "publicize": ("object", "handle_objection", "return", "reject", "end_period"),
        }[name]
        if kind not in suits:
            return False
        period_over = name == "publicize" and self.last is not None and self.today > self.last
        if kind == "object":
            return not period_over
        if kind == "end_period":
            if actor != SYSTEM or not period_over:
                return False
            if not self.unanswered and not self.upheld:
                self.close(index)
            return True
        if actor != DECIDER:
            return False
        if kind == "handle_objection":
            if objection not in self.unanswered:
                return False
            self.unanswered.discard(objection)
            self.upheld = self.upheld or upheld
            if period_over and not self.unanswered and not self.upheld:
                self.close(index)
            return True
        if kind == "return":
            self.with_submitter = True
        elif kind == "reject":
            self.done.add(index)
            self.at, self.owed, self.unanswered = None, set(), set()
        else:
            self.close(index)
        return True

    def close(self, index: int) -> None:
        self.done.add(index)
        self.pass_on()

    @rule(
        kind=st.sampled_from(
            ("submit", "withdraw", "approve", "return", "reject", "acknowledge", "guide", "object", "end_period")
        ),
        actor=st.sampled_from(ACTORS),
        index=st.integers(0, 4),
    )
    def do(self, kind: ActionKind, actor: Actor, index: int) -> None:
        self.attempt(kind, actor, index, None, False)

    @precondition(lambda self: self.at is not None or self.owed)
    @rule(data=st.data(), actor=st.sampled_from((DECIDER, SUBMITTER, OWN)))
    def do_at_an_open_step(self, data: st.DataObject, actor: Actor) -> None:
        index = data.draw(st.sampled_from([*self.owed, *([self.at] if self.at is not None else [])]))
        suits = machine.AT_STEP[self.case.steps[index].definition.kind]
        kind = data.draw(st.sampled_from([each for each in suits if each != "handle_objection"]))
        self.attempt(kind, SYSTEM if kind == "end_period" else actor, index, None, False)

    @precondition(lambda self: self.with_submitter)
    @rule()
    def submit_again(self) -> None:
        self.attempt("submit", SUBMITTER, 0, None, False)

    @precondition(lambda self: self.last is not None)
    @rule()
    def let_the_period_end(self) -> None:
        assert self.last is not None
        self.today = max(self.today, self.last + timedelta(days=1))
        for index, kind in enumerate(self.kinds):
            if kind == "publicize":
                self.attempt("end_period", SYSTEM, index, None, False)

    @precondition(lambda self: self.unanswered)
    @rule(data=st.data(), actor=st.sampled_from((DECIDER, OWN)), upheld=st.booleans())
    def handle(self, data: st.DataObject, actor: Actor, upheld: bool) -> None:
        objection = data.draw(st.sampled_from(sorted(self.unanswered)))
        index = next(
            index
            for index, each in enumerate(self.case.steps)
            if any(raised.id == objection for raised in each.objections)
        )
        self.attempt("handle_objection", actor, index, objection, upheld)

    @rule(days=st.integers(1, DAYS + 1))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def attempt(self, kind: ActionKind, actor: Actor, index: int, objection: UUID | None, upheld: bool) -> None:
        before, was_over = self.case, self.at is None
        possible = self.expected(kind, actor, index, objection, upheld)
        step_id = None if kind in machine.OF_CASE else str(index)
        try:
            transition = act(before, kind, actor, step_id, today=self.today, objection=objection, upheld=upheld)
        except Problem:
            assert not possible, "the machine refused what the model allows"
            return
        assert possible, "the machine allowed what the model refuses"
        self.case = transition.case
        self.records.append(transition.record)
        if kind == "object":
            assert transition.record.objection is not None
            self.unanswered.add(transition.record.objection)
        assert transition.ended == (self.at is None and not was_over)
        self.ends += transition.ended

    @invariant()
    def states_agree(self) -> None:
        assert (self.case.state == "returned") == self.with_submitter
        assert (self.case.state in FINAL) == (self.at is None)
        if self.at is not None and not self.with_submitter:
            blocking = [each.id for each in self.case.pending if each.definition.blocks]
            assert blocking == [str(self.at)]
        assert {each.id for each in self.case.pending if not each.definition.blocks} == set(map(str, self.owed))

    @invariant()
    def no_decision_is_lost_or_made_twice(self) -> None:
        assert self.ends == (self.at is None)
        done = {index for index, each in enumerate(self.case.steps) if each.state == "done"}
        assert self.done == done
        for step_id in map(str, range(len(self.kinds))):
            closing = [each for each in self.records if each.step == step_id and each.action in CLOSING]
            assert len(closing) <= 1

    @invariant()
    def somebody_can_always_bring_the_case_on(self) -> None:
        if self.case.state in FINAL:
            return
        # A publicity that only runs needs nobody until its last day is over.
        later = self.today + timedelta(days=DAYS + 1)
        able = {
            each.action
            for actor in ACTORS
            for each in machine.allowed(self.case, actor, today=later)
            if each.action not in ("object", "withdraw")
        }
        assert able, "only withdrawal is left"
        assert any(each.action == "withdraw" for each in machine.allowed(self.case, SUBMITTER, today=later))


Approval.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestApproval = Approval.TestCase
