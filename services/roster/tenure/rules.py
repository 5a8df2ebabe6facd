"""Unbroken work for one employer, and the end of a term that comes near (LCL-10, LCL-14, LCL-44, LCL-46). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from kernel.calendar import add_months
from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.national.tenure import (
    FIXED_TERMS,
    Concluded,
    Tenure,
    is_known,
    owes_open_ended,
    tenure_findings,
)
from kernel.regulation.pack import Pack
from kernel.regulation.schema.rules import Outcome

LIST_MONTHS = "contract.expiry_list_months"
OFFICE = "recall_or_removal"
EMPLOYER_CHANGED = "employer_changed"
WRITTEN = "contract.written"
TERM = "contract.term_ends"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open days of a post held, or of a contract's term, which alone is no work yet but fills what lies between.

    `history`: a post from before the register was kept.
    """

    start: date
    before: date | None
    relation: str
    post: bool
    history: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A worker's unbroken work for the present employer; `goes_on`: whether it lasted on the day that was asked of."""

    tenure: Tenure
    goes_on: bool


def employers(present: UUID, contracts: Sequence[tuple[UUID, str]]) -> set[UUID]:
    """The present employer, and those whose name alone was changed for it: (employer, conclusion) in order of terms."""
    counted = {present}
    for (later, conclusion), (earlier, _) in pairwise(reversed(contracts)):
        if later in counted and conclusion == EMPLOYER_CHANGED:
            counted.add(earlier)
    return counted


def work_of(pack: Pack, on: date, spans: Iterable[Span], contracts: Iterable[Concluded]) -> Work | None:
    """The unbroken work, in the relation that lasted longest, that reaches up to a day; None where there was none.

    Work begins with a post, whatever term was agreed before it (LCL-10). An office is no employment. Contracts that
    were concluded or began after the day are left out.
    """
    relations = pack.document.relations
    begun = [each for each in spans if each.start <= on and relations[each.relation].removal != OFFICE]
    if not begun:
        return None
    relation = max(begun, key=_reaches).relation
    posts = [each for each in unbroken([each for each in begun if each.relation == relation]) if each.post]
    if not posts:
        return None
    start = min(posts, key=lambda each: each.start)
    held = tuple(
        each
        for each in contracts
        if each.concluded_on <= on and (each.before is None or each.before > start.start) and each.start <= on
    )
    return Work(Tenure(relation, start.start, held, start.history), max(map(_reaches, posts)) > on)


def unbroken(spans: Sequence[Span]) -> list[Span]:
    """Those spans that follow one another, or lie over one another, back from the one that reaches furthest."""
    joined: list[Span] = []
    first = date.max
    for each in sorted(spans, key=_reaches, reverse=True):
        if joined and _reaches(each) < first:
            break
        joined.append(each)
        first = min(first, each.start)
    return joined


def _reaches(span: Span) -> date:
    return span.before or date.max


def findings(pack: Pack, on: date, work: Work) -> list[Finding]:
    """Everything found of somebody's contracts; nothing under a version that was published before this was asked."""
    if not is_known(pack):
        return []
    return [*tenure_findings(pack, on, work.tenure), *_term(pack, on, work)]


def owed(pack: Pack, on: date, work: Work) -> Figure | None:
    """What makes the next contract open-ended; None where the work was broken off, or under a version of before."""
    return owes_open_ended(pack, on, work.tenure) if work.goes_on and is_known(pack) else None


def check_open_ended(owed: Figure | None, kind: str, reason: str | None) -> None:
    """Raise `RuleRefused` (LCL-14) for a fixed term where an open-ended contract is owed and no record says why.

    `owed`: what gives the right. A ground of LCL-39 or LCL-40(1), (2) stands against the right of two terms alone.
    Raises `InvalidInput` for a reason where the contract is open-ended.
    """
    if kind != "fixed":
        if reason is not None:
            message = Text(
                "无固定期限合同无须说明固定期限的理由", "An open-ended contract needs no reason to be fixed."
            )
            raise InvalidInput(errors=[FieldError("/fixed_term_basis", message)])
        return
    if owed is None or reason == "worker_asks" or (reason is not None and owed.path == FIXED_TERMS):
        return
    label = owed.parameter.label
    message = Text(
        f"应当订立无固定期限劳动合同（{label.zh}）；劳动者提出订立固定期限的，应当附其记录"
        + ("；有第三十九条或者第四十条第一项、第二项规定的情形的，应当写明" if owed.path == FIXED_TERMS else ""),
        f"An open-ended contract is owed ({label.en}); a fixed term needs the record of the worker's own request"
        + (" or of a ground of LCL-39 or LCL-40(1), (2)." if owed.path == FIXED_TERMS else "."),
    )
    facts = {"owed_by": owed.path, "reason": reason}
    finding = Finding("contract.open_ended_owed", owed.article, owed.words, facts, "not_met", None, message)
    raise RuleRefused(message, article=owed.article, findings=[finding.as_json()])


def _term(pack: Pack, on: date, work: Work) -> list[Finding]:
    figure = pack.parameter(LIST_MONTHS, on)
    last = max(work.tenure.contracts, key=lambda each: each.start, default=None)
    if last is None or last.before is None or last.before > add_months(on, figure.integer()):
        return []
    if last.before <= on and not work.goes_on:
        return []
    last_day = last.before - timedelta(days=1)
    outcome: Outcome = "not_met" if last.before <= on else "needs_judgement"
    told = Text(f"合同于 {last_day} 届满，应当决定是否续订", f"the term ends with {last_day}; decide on its renewal")
    if outcome == "not_met":
        told = Text(f"合同已于 {last_day} 届满，仍在工作而未续订", f"the term ended with {last_day}, and work goes on")
    message = Text(f"{SAYS[outcome].zh}：{told.zh}", f"{SAYS[outcome].en}: {told.en}")
    facts = {"last_day": last_day, "on": on}
    return [Finding(TERM, figure.article, figure.words, facts, outcome, str(last_day), message)]


def asks_something(finding: Finding) -> bool:
    """Whether somebody has to do or to find something: what is not reached yet asks nothing."""
    return finding.outcome == "needs_judgement" or (finding.outcome == "not_met" and finding.rule in (WRITTEN, TERM))
