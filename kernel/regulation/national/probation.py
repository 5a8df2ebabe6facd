"""Longest lawful probation (试用期) of a labour contract, over the table of LCL-19 in the national layer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kernel.calendar import before_after_months
from kernel.errors import Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

LIMITS = "contract.probation_limits"
PART_TIME = "contract.probation_part_time_months"
TermKind = Literal["fixed", "open_ended", "task_based", "part_time"]


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a contract, half-open: `before` is the first day after it, None for an open-ended one."""

    kind: TermKind
    start: date
    before: date | None = None


def longest_probation(rows: Iterable[Mapping[str, int | bool | str]], term: Term) -> int:
    """Months of probation that the table allows for the term (0: none may be agreed).

    Rows are `{term, from_months, limit_months}`; the longest `from_months` that the term reaches applies, so
    a term of exactly three months counts as three. Raises ValueError for a term without end or a kind without
    row.
    """
    if term.kind == "fixed" and (term.before is None or term.before <= term.start):
        raise ValueError("a fixed term needs an end after its start")
    reached = [
        (int(row["from_months"]), int(row["limit_months"]))
        for row in rows
        if row["term"] == term.kind and _reaches(term, int(row["from_months"]))
    ]
    if not reached:
        raise ValueError(f"the table has no row for a {term.kind} term")
    return max(reached)[1]


def _reaches(term: Term, months: int) -> bool:
    return term.before is None or before_after_months(term.start, months) <= term.before


def probation_finding(pack: Pack, term: Term, probation_before: date | None) -> Finding:
    """Whether a probation from the term's first day up to `probation_before` (exclusive) is lawful.

    None or the start itself means that none is agreed. The value is the longest lawful probation in months. A
    contract of probation alone is refused: the law takes the whole period as its term.
    """
    # Part-time work has an article of its own (LCL 70).
    part_time = term.kind == "part_time"
    figure = pack.parameter(PART_TIME if part_time else LIMITS, term.start)
    limit = figure.integer() if part_time else longest_probation(figure.rows(), term)
    agreed = probation_before is not None and probation_before > term.start
    latest = before_after_months(term.start, limit) if limit else term.start
    alone = agreed and term.before is not None and probation_before is not None and probation_before >= term.before
    lawful = not agreed or (probation_before is not None and probation_before <= latest and not alone)
    outcome: Literal["met", "not_met"] = "met" if lawful else "not_met"
    says = SAYS[outcome]
    last = latest - timedelta(days=1)
    until = Text(f"，最晚至 {last}", f", at the latest until {last}") if limit else Text("", "")
    return Finding(
        figure.path,
        figure.article,
        figure.words,
        {
            "term": term.kind,
            "start": term.start,
            "before": term.before,
            "probation_before": probation_before,
        },
        outcome,
        limit,
        Text(
            f"{says.zh}：该期限的试用期不得超过 {limit} 个月{until.zh}",
            f"{says.en}: at most {limit} months of probation for this term{until.en}",
        ),
    )
