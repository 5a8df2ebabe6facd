"""The machine against a small model, over random workflows and actions (A1–A3).

The model knows only positions: which step is the blocking one, which filings are still owed, who has signed, who
stood aside, whether the case is with its submitter. No path may
leave a case undecidable, decide twice, or lose a decision.
"""

from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kernel.approvals import machine
from kernel.approvals.acts import AT_STEP, OF_CASE
from kernel.approvals.model import FINAL, ActionKind, Record
from kernel.context import Actor
from kernel.errors import Problem
from tests.unit.kernel.approvals.factory import SYSTEM, TODAY, act, official, opened, step, workflow

KINDS = (
    "approve",
    "fix",
    "recommend",
    "determine",
    "joint",
    "all",
    "any",
    "in_order",
    "file",
    "filed_first",
    "guide",
    "publicize",
)
SIGNED = ("joint", "all", "any", "in_order")
DECIDING = {"approve": "approve", "fix": "fix", "recommend": "recommend", "determine": "determine", "joint": "approve"}
OWED = {"file": "acknowledge", "guide": "guide"}
"""Kinds that hold nothing, and what is done at them."""
SUBMITTER = official("county", "society_work", "handler")
DECIDER = official("league", "society_work")
VIEWER = official("league", "society_work", "viewer")
OWN = official("league", "society_work", user=SUBMITTER.user)
SECOND = official("league", "society_work")
"""May stand aside; the others never do, so that somebody is always left."""
PARTNER = official("league", "finance")
ACTORS = (SUBMITTER, DECIDER, SECOND, PARTNER, VIEWER, OWN, SYSTEM)
DAYS = 3
SHARING = ("claim", "release", "delegate", "add_signer", "remove_signer", "remind", "escalate", "question", "reply")
"""What moves no case on; each has tests of its own."""
CLOSING = ("approve", "fix", "recommend", "determine", "reject", "acknowledge", "guide")


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
        self.answers: dict[str, bool] = {}  # model: department -> whether it signed, in this round
        self.aside = False
        self.pass_on()
        if self.at is None:
            self.ends += 1

    def defined(self, step_id: str, kind: str) -> dict[str, Any]:
        if kind == "filed_first":
            return step(step_id, "file", "society_work", blocks=True)
        if kind == "publicize":
            return step(step_id, kind, "society_work", period={"count": DAYS, "unit": "calendar"})
        if kind in SIGNED:
            partners = [{"department": "finance", "level": "league"}]
            mode = {} if kind == "joint" else {"mode": kind}
            return step(
                step_id, "joint" if kind == "joint" else "countersign", "society_work", partners=partners, **mode
            )
        return step(step_id, kind, "society_work", **({"figures": ["posts"]} if kind == "fix" else {}))

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
        self.answers = {}
        if self.at is not None and self.kinds[self.at] == "publicize":
            self.last = self.today + timedelta(days=DAYS)
            self.upheld = False

    def expected(self, kind: ActionKind, actor: Actor, index: int, more: dict[str, Any]) -> bool:
        """Model: whether the action goes through; if so, the model follows."""
        if kind in ("submit", "withdraw"):
            return self.expected_of_case(kind, actor)
        if self.with_submitter or index >= len(self.kinds):
            return False
        name = self.kinds[index]
        able = actor == DECIDER or (actor == SECOND and not self.aside)
        if kind == "recuse":
            # Whoever works at the step may stand aside, from what only has to be noted as well.
            if not able or (index != self.at and index not in self.owed):
                return False
            self.aside = True
            return True
        if name in OWED:
            if kind != OWED[name] or index not in self.owed or not able:
                return False
            self.owed.discard(index)
            self.done.add(index)
            return True
        if index != self.at:
            return False
        if name == "publicize":
            return self.expected_of_publicity(kind, actor, able, index, more)
        if kind in ("sign", "refuse"):
            return name in SIGNED and self.expected_signature(kind, actor, able, index, name)
        closing = "acknowledge" if name == "filed_first" else DECIDING.get(name)
        if not able or (kind != closing and (name == "filed_first" or kind not in ("return", "reject"))):
            return False
        if kind == "reject" and name in ("determine", "all", "any", "in_order"):
            return False
        if name == "joint" and kind == "approve" and self.answers.get("finance") is not True:
            return False
        if kind == "return":
            self.with_submitter = True
        elif kind == "reject" or (kind == "determine" and not more["met"]):
            self.over(index)
        else:
            self.close(index)
        return True

    def expected_of_case(self, kind: ActionKind, actor: Actor) -> bool:
        able = (SUBMITTER, OWN, SYSTEM) if kind == "withdraw" else (SUBMITTER, OWN)
        if actor not in able or self.at is None or (kind == "submit" and not self.with_submitter):
            return False
        self.with_submitter = False
        if kind == "submit":
            self.reopen()
        else:
            self.at, self.owed, self.unanswered = None, set(), set()
        return True

    def expected_of_publicity(
        self, kind: ActionKind, actor: Actor, able: bool, index: int, more: dict[str, Any]
    ) -> bool:
        period_over = self.last is not None and self.today > self.last
        if kind == "object":
            return not period_over
        if kind == "end_period":
            if actor != SYSTEM or not period_over:
                return False
            if not self.unanswered and not self.upheld:
                self.close(index)
            return True
        if not able or kind not in ("handle_objection", "return", "reject"):
            return False
        if kind == "handle_objection":
            if more["objection"] not in self.unanswered:
                return False
            self.unanswered.discard(more["objection"])
            self.upheld = self.upheld or more["upheld"]
            if period_over and not self.unanswered and not self.upheld:
                self.close(index)
        elif kind == "return":
            self.with_submitter = True
        else:
            self.over(index)
        return True

    def expected_signature(self, kind: ActionKind, actor: Actor, able: bool, index: int, name: str) -> bool:
        partner = actor == PARTNER
        if not partner and (not able or name == "joint"):
            return False
        department = "finance" if partner else "society_work"
        if name == "in_order" and partner and "society_work" not in self.answers:
            return False
        if department in self.answers and not (name == "joint" and kind == "sign" and not self.answers[department]):
            return False
        self.answers[department] = kind == "sign"
        if name == "joint":
            return True
        given = list(self.answers.values())
        if any(given) if name == "any" else given == [True, True]:
            self.close(index)
        elif given == [False, False] if name == "any" else False in given:
            self.over(index)
        return True

    def over(self, index: int) -> None:
        """Model: the case ends at that step."""
        self.done.add(index)
        self.at, self.owed, self.unanswered = None, set(), set()

    def close(self, index: int) -> None:
        self.done.add(index)
        self.pass_on()

    @rule(kind=st.sampled_from(get_args(ActionKind)), actor=st.sampled_from(ACTORS), index=st.integers(0, 4))
    def do(self, kind: ActionKind, actor: Actor, index: int) -> None:
        if kind in SHARING or (kind == "recuse" and actor != SECOND):
            return
        self.attempt(kind, actor, index)

    @precondition(lambda self: self.at is not None or self.owed)
    @rule(data=st.data(), actor=st.sampled_from((DECIDER, SECOND, PARTNER, SUBMITTER, OWN)), met=st.booleans())
    def do_at_an_open_step(self, data: st.DataObject, actor: Actor, met: bool) -> None:
        index = data.draw(st.sampled_from([*self.owed, *([self.at] if self.at is not None else [])]))
        suits = AT_STEP[self.case.steps[index].definition.kind]
        kind = data.draw(
            st.sampled_from([each for each in suits if each not in (*SHARING, "recuse", "handle_objection")])
        )
        self.attempt(kind, SYSTEM if kind == "end_period" else actor, index, met=met)

    @precondition(lambda self: self.with_submitter)
    @rule()
    def submit_again(self) -> None:
        self.attempt("submit", SUBMITTER, 0)

    @precondition(lambda self: self.last is not None)
    @rule()
    def let_the_period_end(self) -> None:
        assert self.last is not None
        self.today = max(self.today, self.last + timedelta(days=1))
        for index, kind in enumerate(self.kinds):
            if kind == "publicize":
                self.attempt("end_period", SYSTEM, index)

    @precondition(lambda self: self.unanswered)
    @rule(data=st.data(), actor=st.sampled_from((DECIDER, OWN)), upheld=st.booleans())
    def handle(self, data: st.DataObject, actor: Actor, upheld: bool) -> None:
        objection = data.draw(st.sampled_from(sorted(self.unanswered)))
        index = next(
            index
            for index, each in enumerate(self.case.steps)
            if any(raised.id == objection for raised in each.objections)
        )
        self.attempt("handle_objection", actor, index, objection=objection, upheld=upheld)

    @rule(days=st.integers(1, DAYS + 1))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def attempt(self, kind: ActionKind, actor: Actor, index: int, **more: Any) -> None:
        more = {"objection": None, "upheld": False, "met": True, **more}
        before, was_over = self.case, self.at is None
        possible = self.expected(kind, actor, index, more)
        step_id = None if kind in OF_CASE else str(index)
        fixed = {"posts": 1} if kind == "fix" else {}
        try:
            transition = act(before, kind, actor, step_id, today=self.today, figures=fixed, **more)
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
            if each.action not in ("object", "withdraw", "remind", *SHARING, "recuse")
        }
        assert able, "only withdrawal is left"
        assert any(each.action == "withdraw" for each in machine.allowed(self.case, SUBMITTER, today=later))


Approval.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestApproval = Approval.TestCase
