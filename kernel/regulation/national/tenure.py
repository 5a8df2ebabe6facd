"""What the law asks of the contracts of somebody who works: in writing, and when open-ended (LCL-10, LCL-14, LCL-82).

Months and numbers are data of the national layer; so is which way of going on counts as another fixed term.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kernel.calendar import before_after_months, full_months
from kernel.errors import Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema.organisation import RelationKind
from kernel.regulation.schema.rules import Outcome

WRITTEN_WITHIN = "contract.written_within_months"
DEEMED_AFTER = "contract.deemed_open_ended_months"
UNWRITTEN_PAY = "contract.unwritten_pay_multiple"
FIXED_INSTEAD_PAY = "contract.fixed_instead_pay_multiple"
LONG_SERVICE = "contract.open_ended_service_months"
FIXED_TERMS = "contract.open_ended_fixed_terms"
COUNTED = "contract.fixed_terms_counted"
FIXED_SINCE = "contract.fixed_terms_counted_from"
WRITTEN_BINDS = "written_contract"
OPEN_ENDED_BINDS = "open_ended"
"""How a relation says that these rules bind it (`national_rules`)."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """A contract that both have signed: its term half-open, and how, as the table of LCL-14 names it.

    `reasoned`: a record says why the term is fixed although an open-ended one was owed.
    """

    kind: Literal["fixed", "open_ended"]
    conclusion: str
    start: date
    before: date | None
    concluded_on: date
    reasoned: bool = False


@dataclass(frozen=True, slots=True)
class Tenure:
    """Unbroken work for one employer since `worked_from`, with its contracts in the order of their terms.

    `from_history`: it began before the register was kept, so an older paper may lie elsewhere.
    """

    relation: str
    worked_from: date
    contracts: tuple[Concluded, ...] = ()
    from_history: bool = False


def is_known(pack: Pack) -> bool:
    """Whether this version of the regulation was published since these findings are made."""
    return WRITTEN_WITHIN in pack.document.parameters


def counted_terms(pack: Pack, on: date, contracts: Sequence[Concluded]) -> int:
    """How many consecutive fixed terms count towards LCL-14, by the table in force on a day.

    Rows are `{conclusion, from_months}`: terms concluded that way count each, or once when together they come to so
    many months. Terms concluded before the law counts them do not.
    """
    since = pack.parameter(FIXED_SINCE, on).day()
    counted = 0
    for row in pack.parameter(COUNTED, on).rows():
        terms = [
            each
            for each in contracts
            if each.kind == "fixed" and each.conclusion == row["conclusion"] and each.concluded_on >= since
        ]
        least = int(row["from_months"])
        if not least:
            counted += len(terms)
        elif sum(full_months(each.start, each.before) for each in terms if each.before is not None) >= least:
            counted += 1
    return counted


def tenure_findings(pack: Pack, on: date, tenure: Tenure) -> list[Finding]:
    """The written contract and the open-ended one, as they stand on a day."""
    return [_written(pack, on, tenure), *_open_ended(pack, on, tenure), *_fixed_instead(pack, on, tenure)]


def due_on(concluded_on: date, start: date) -> date:
    """The day that decides whether a contract has to be open-ended: concluded ahead, it follows the work before it."""
    return max(concluded_on, start - timedelta(days=1))


def owes_open_ended(pack: Pack, on: date, tenure: Tenure) -> Figure | None:
    """What makes the next contract of the worker open-ended on a day, unless the worker asks for a fixed term (LCL-14).

    None where nothing does: not reached, not bound, or an open-ended one is concluded already.
    """
    owed = _earned(pack, on, tenure)
    deemed = pack.parameter(DEEMED_AFTER, on)
    if owed is not None or tenure.contracts or tenure.from_history or not _binds(pack, tenure, OPEN_ENDED_BINDS):
        return owed
    return deemed if before_after_months(tenure.worked_from, deemed.integer()) <= on else None


def _earned(pack: Pack, on: date, tenure: Tenure) -> Figure | None:
    """The long service or the terms that give the right; None where neither does, or an open-ended one is concluded."""
    if not _binds(pack, tenure, OPEN_ENDED_BINDS) or any(each.kind == "open_ended" for each in tenure.contracts):
        return None
    service, terms = pack.parameter(LONG_SERVICE, on), pack.parameter(FIXED_TERMS, on)
    if _served_on(tenure, service) <= on:
        return service
    return terms if counted_terms(pack, on, tenure.contracts) >= terms.integer() else None


def _served_on(tenure: Tenure, service: Figure) -> date:
    return before_after_months(tenure.worked_from, service.integer()) - timedelta(days=1)


def _written(pack: Pack, on: date, tenure: Tenure) -> Finding:
    within, after = pack.parameter(WRITTEN_WITHIN, on), pack.parameter(DEEMED_AFTER, on)
    unbound = _unbound(pack, tenure, "contract.written", WRITTEN_BINDS)
    if unbound is not None:
        return unbound
    owed_from = before_after_months(tenure.worked_from, within.integer())
    deemed_on = before_after_months(tenure.worked_from, after.integer())
    concluded_on = min((each.concluded_on for each in tenure.contracts), default=None)
    facts: dict[str, object] = {"worked_from": tenure.worked_from, "concluded_on": concluded_on, "on": on}
    last = owed_from - timedelta(days=1)
    before = min(day for day in (concluded_on, deemed_on, on + timedelta(days=1)) if day is not None)
    if before <= owed_from:
        told = Text(f"最迟 {last} 订立书面合同", f"the contract is to be in writing by {last}")
        if concluded_on is not None:
            told = Text(f"书面合同于 {concluded_on} 订立", f"concluded in writing on {concluded_on}")
        return _finding("contract.written", within, facts, "met", None, told)
    if tenure.from_history:
        told = Text(
            "用工早于本系统登记，当时的书面合同须核对原件",
            "work began before the register was kept; the papers of the time have to be looked at",
        )
        return _finding("contract.written", within, facts, "needs_judgement", None, told)
    pay = pack.parameter(UNWRITTEN_PAY, on)
    months = full_months(owed_from, before)
    facts |= {
        "double_pay_from": owed_from,
        "double_pay_until": before - timedelta(days=1),
        "full_months": months,
        "pay_multiple": pay.integer(),
        "deemed_open_ended_on": deemed_on if before == deemed_on else None,
    }
    deemed = before == deemed_on
    told = Text(
        f"自 {owed_from} 至 {facts['double_pay_until']} 每月支付 {pay.integer()} 倍工资"
        + (f"；自 {deemed_on} 视为已订立无固定期限劳动合同，应当立即补订" if deemed else ""),
        f"{pay.integer()} times the pay is owed from {owed_from} to {facts['double_pay_until']}"
        + (f"; since {deemed_on} an open-ended contract is deemed concluded, to be put in writing" if deemed else ""),
    )
    return _finding("contract.written", pay, facts, "not_met", months, told)


def _open_ended(pack: Pack, on: date, tenure: Tenure) -> list[Finding]:
    unbound = _unbound(pack, tenure, "contract.open_ended_service", OPEN_ENDED_BINDS)
    if unbound is not None:
        return [unbound]
    service, terms = pack.parameter(LONG_SERVICE, on), pack.parameter(FIXED_TERMS, on)
    already = any(each.kind == "open_ended" for each in tenure.contracts)
    reached_on = _served_on(tenure, service)
    outcome = _right(reached_on <= on, already)
    told = Text(
        f"连续工作自 {tenure.worked_from} 起，{reached_on} 满 {service.integer()} 个月",
        f"unbroken work since {tenure.worked_from} comes to {service.integer()} months on {reached_on}",
    )
    if outcome == "needs_judgement":
        told = Text(
            f"{told.zh}；劳动者提出或者同意续订的，应当订立无固定期限劳动合同",
            f"{told.en}; where the worker asks or agrees, the next contract is open-ended",
        )
    facts: dict[str, object] = {"worked_from": tenure.worked_from, "on": on, "open_ended": already}
    found = [_finding("contract.open_ended_service", service, facts, outcome, str(reached_on), told)]
    counted, needed = counted_terms(pack, on, tenure.contracts), terms.integer()
    outcome = _right(counted >= needed, already)
    told = Text(
        f"连续订立固定期限劳动合同计 {counted} 次（满 {needed} 次）", f"{counted} consecutive fixed terms, of {needed}"
    )
    if outcome == "needs_judgement":
        told = Text(
            f"{told.zh}；续订且没有第三十九条和第四十条第一项、第二项情形的，应当订立无固定期限劳动合同",
            f"{told.en}; a renewal is open-ended unless there is a ground of LCL-39 or LCL-40(1), (2)",
        )
    facts = {"conclusions": [each.conclusion for each in tenure.contracts], "open_ended": already}
    return [*found, _finding("contract.open_ended_terms", terms, facts, outcome, counted, told)]


def _fixed_instead(pack: Pack, on: date, tenure: Tenure) -> list[Finding]:
    """The first fixed term concluded where an open-ended contract was owed, and nothing says why (LCL-82)."""
    if FIXED_INSTEAD_PAY not in pack.document.parameters:
        return []
    since = pack.parameter(FIXED_SINCE, on).day()
    for index, term in enumerate(tenure.contracts):
        if term.kind != "fixed" or term.reasoned or term.concluded_on < since:
            continue
        day = due_on(term.concluded_on, term.start)
        earned = _earned(pack, day, replace(tenure, contracts=tenure.contracts[:index]))
        if earned is None:
            continue
        pay, first = pack.parameter(FIXED_INSTEAD_PAY, on), term.start
        if earned.path == LONG_SERVICE:
            first = max(first, _served_on(tenure, earned) + timedelta(days=1))
        mended = [each.concluded_on for each in tenure.contracts[index:] if each.kind == "open_ended"]
        before = min([*mended, on + timedelta(days=1)])
        if before <= first:
            continue
        facts: dict[str, object] = {
            "term_from": term.start,
            "owed_by": earned.article,
            "double_pay_from": first,
            "double_pay_until": before - timedelta(days=1),
            "pay_multiple": pay.integer(),
        }
        told = Text(
            f"{first} 起应当订立无固定期限劳动合同而订立了固定期限，没有劳动者提出或者另有情形的记录；"
            f"确无的，至 {before - timedelta(days=1)} 每月支付 {pay.integer()} 倍工资",
            f"since {first} an open-ended contract was owed and a fixed term was concluded; no record says that the "
            f"worker asked for it or that a ground stood against it. If so, {pay.integer()} times the pay is owed to "
            f"{before - timedelta(days=1)}",
        )
        return [_finding("contract.fixed_instead", pay, facts, "needs_judgement", full_months(first, before), told)]
    return []


def _right(reached: bool, already: bool) -> Outcome:
    """What the worker asks or agrees to, and whether there is a ground against it, is for a human to find."""
    return "not_met" if not reached else "met" if already else "needs_judgement"


def _unbound(pack: Pack, tenure: Tenure, rule: str, binds: str) -> Finding | None:
    if _binds(pack, tenure, binds):
        return None
    relation = pack.document.relations[tenure.relation]
    label = relation.label
    told = Text(f"不适用于{label.zh}", f"does not bind: {label.en.lower()}")
    return _finding(rule, relation, {"relation": tenure.relation}, "not_regulated", None, told)


def _binds(pack: Pack, tenure: Tenure, binds: str) -> bool:
    return binds in pack.document.relations[tenure.relation].national_rules


def _finding(
    rule: str, rests_on: Figure | RelationKind, facts: dict[str, object], outcome: Outcome, value: object, told: Text
) -> Finding:
    message = Text(f"{SAYS[outcome].zh}：{told.zh}", f"{SAYS[outcome].en}: {told.en}")
    return Finding(rule, rests_on.article, rests_on.words, facts, outcome, value, message)
