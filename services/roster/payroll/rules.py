"""What is paid to one worker for one month, line by line, each with its article (SH-15, SH-16, NM-16 to NM-19). Pure.

A slip's lines are rounded one by one; every sum is the sum of the lines as they stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from kernel.errors import Conflict, FieldError, InvalidInput, Text, WrongState
from services.roster.pay_terms import (
    ALLOWANCE,
    BASE,
    FUND,
    HUNDRED,
    PERFORMANCE,
    SUBSIDY,
    TAX,
    ZERO,
    Bracket,
    Terms,
    cents,
    share,
)

Side = Literal["income", "withheld", "employer"]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """What this unit has paid and withheld in the tax year before this run; sums in yuan."""

    months: int = 0
    income: Decimal = ZERO
    deducted: Decimal = ZERO
    special: Decimal = ZERO
    withheld: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Payee:
    """One worker in a month. `role` and `category` are those of the last paid post of the month.

    wage: own average monthly pay of the previous year, None where none is recorded; `new`: began in this year, so the
    first month's pay is the base. certificates: kind → whether an allowance was decided. special: the special
    additional deductions of a month. subsidies: the sum and number of those decided for this month. counts_month: the
    first payment in that month of the tax year.
    """

    dossier_id: UUID
    role: str
    category: str
    certificates: Mapping[str, bool] = field(default_factory=dict)
    wage: Decimal | None = None
    new: bool = False
    special: Decimal = ZERO
    before: Cumulative = Cumulative()
    counts_month: bool = True
    part_month: bool = False
    subsidies: tuple[Decimal, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a slip. The sign is that of its side; a correction may be negative. Facts are figures as text."""

    code: str
    side: Side
    amount: Decimal
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Slip:
    """The lines of a worker and their sums; `flags` are for a human, `problems` keep the run from being submitted."""

    payee: Payee
    lines: Sequence[Line]
    base: Decimal | None
    special: Decimal
    flags: Sequence[str] = ()
    problems: Sequence[str] = ()

    def total(self, side: Side) -> Decimal:
        """The sum of the lines of one side."""
        return sum((line.amount for line in self.lines if line.side == side), ZERO)

    @property
    def net(self) -> Decimal:
        """What is paid out: income less what is withheld."""
        return self.total("income") - self.total("withheld")

    @property
    def deducted(self) -> Decimal:
        """Insurance and fund withheld from the worker, which the tax deducts."""
        return sum((each.amount for each in self.lines if each.side == "withheld" and each.code != TAX), ZERO)


def compute(terms: Terms, payee: Payee) -> Slip:
    """The slip of one worker; the same facts give the same slip."""
    flags = ["part_month"] if payee.part_month else []
    problems: list[str] = []
    lines = _income(terms, payee, flags, problems)
    gross = sum((line.amount for line in lines), ZERO)
    wage = payee.wage if payee.wage is not None else gross if payee.new else None
    base = None
    if wage is None:
        problems.append("wage_missing")
    else:
        base = clamped(terms, wage)
        lines += _insurance(terms, base, wage)
    slip = Slip(payee, lines, base, payee.special)
    lines.append(withholding(terms, payee, gross, slip.deducted))
    slip = Slip(payee, lines, base, payee.special, tuple(flags), tuple(problems))
    if slip.net < 0:
        problems.append("net_negative")
    return Slip(payee, lines, base, payee.special, tuple(flags), tuple(problems))


def clamped(terms: Terms, wage: Decimal) -> Decimal:
    """The base of contributions: the wage within floor and ceiling, both included."""
    return cents(min(max(wage, terms.floor), terms.ceiling))


def difference(terms: Terms, now: Slip, paid: Mapping[tuple[str, Side], Decimal]) -> Slip | None:
    """What a correction pays or takes back: the lines as they ought to be less those that were paid, and the tax of
    the whole year to date; None where nothing but the tax would differ."""
    codes = {(line.code, line.side): line for line in now.lines if line.code != TAX}
    lines = []
    for key in sorted(set(codes) | {key for key in paid if key[0] != TAX}):
        line, already = codes.get(key), paid.get(key, ZERO)
        owed = line.amount if line else ZERO
        if owed != already:
            facts = dict(line.facts if line else {}) | {"owed": str(owed), "paid": str(already)}
            lines.append(Line(key[0], key[1], owed - already, facts))
    if not lines:
        return None
    # The month's special deductions were counted with its first payment.
    payee = now.payee
    special = payee.special if payee.counts_month else ZERO
    slip = Slip(
        payee, lines, now.base, special, now.flags, tuple(each for each in now.problems if each != "net_negative")
    )
    lines.append(withholding(terms, payee, slip.total("income"), slip.deducted))
    return slip


def _income(terms: Terms, payee: Payee, flags: list[str], problems: list[str]) -> list[Line]:
    lines: list[Line] = []
    if terms.schemes[payee.category] == "share":
        of = terms.posts[""]
        for code, amount, percent in (
            (BASE, of.base, terms.share_base),
            (PERFORMANCE, of.performance, terms.share_performance),
        ):
            facts = {"of": str(amount), "percent": str(percent)}
            lines.append(Line(f"{code}.share", "income", share(amount, percent), facts))
    elif (standard := terms.posts.get(payee.role)) is None:
        problems.append("standard_missing")
    else:
        lines.append(Line(f"{BASE}.standard", "income", standard.base, {"role": payee.role}))
        lines.append(Line(f"{PERFORMANCE}.standard", "income", standard.performance, {"role": payee.role}))
    allowance = _allowance(terms, payee, flags)
    if allowance is not None:
        lines.append(allowance)
    if payee.subsidies is not None:
        amount, number = payee.subsidies
        lines.append(Line(SUBSIDY, "income", cents(amount), {"decisions": str(number)}))
    return lines


def _allowance(terms: Terms, payee: Payee, flags: list[str]) -> Line | None:
    """The allowance of the highest certificate alone; zero, and flagged, where its level has no price."""
    held = [kind for kind in terms.order if kind in payee.certificates]
    if not held or not terms.allowances:
        return None
    highest = held[-1]
    if not terms.allowance_due and not payee.certificates[highest]:
        flags.append("allowance_not_decided")
        return None
    amount = terms.allowances.get(highest)
    if amount is None:
        flags.append("certificate_not_priced")
    elif terms.schemes[payee.category] == "standard":
        flags.append("allowance_of_committee_member")
    return Line(ALLOWANCE, "income", ZERO if amount is None else amount, {"certificate": highest})


def _insurance(terms: Terms, base: Decimal, wage: Decimal) -> list[Line]:
    facts = {"wage": str(wage), "floor": str(terms.floor), "ceiling": str(terms.ceiling), "base": str(base)}
    rates = [*terms.insurances, *([(FUND, terms.fund, terms.fund)] if terms.fund is not None else [])]
    lines = []
    for kind, employer, worker in rates:
        lines.append(Line(f"{kind}.employer", "employer", share(base, employer), facts | {"percent": str(employer)}))
        if worker:
            lines.append(Line(f"{kind}.worker", "withheld", share(base, worker), facts | {"percent": str(worker)}))
    return lines


def withholding(terms: Terms, payee: Payee, income: Decimal, deducted: Decimal) -> Line:
    """The income tax of this payment: that of the year to date less what was withheld, never paid back."""
    before, first = payee.before, int(payee.counts_month)
    months = before.months + first
    special = before.special + (payee.special if first else ZERO)
    taxable = before.income + income - terms.basic * months - before.deducted - deducted - special
    due, bracket = tax_on(terms.brackets, taxable)
    facts = {
        "months": str(months),
        "income": str(before.income + income),
        "deducted": str(before.deducted + deducted),
        "special": str(special),
        "taxable": str(max(taxable, ZERO)),
        "percent": str(bracket.percent),
        "withheld_before": str(before.withheld),
    }
    return Line(TAX, "withheld", max(due - before.withheld, ZERO), facts)


def tax_on(brackets: Sequence[Bracket], taxable: Decimal) -> tuple[Decimal, Bracket]:
    """The tax on a cumulative taxable income, and the row of the table it falls in (upper ends belong to their row)."""
    row = next(each for each in brackets if each.up_to is None or taxable <= each.up_to)
    return max(cents(taxable * row.percent / HUNDRED - row.quick), ZERO), row


# which month, and whose


@dataclass(frozen=True, slots=True)
class Held:
    """The post for which a worker is paid in a month; `part`: no paid post covers the whole month."""

    role: str
    category: str
    community_no: int
    part: bool


def last_post(
    posts: Sequence[tuple[str, str, int, date, date | None]], terms: Terms, first: date, last: date
) -> Held | None:
    """The paid post held last in the month (role, category, community, first day, end); None without one.

    Of several held at the end, the one that stands first in the standard counts: a person is paid once.
    """
    paid = [post for post in posts if post[1] in terms.schemes]
    if not paid:
        return None
    unknown = len(terms.posts)

    def order(post: tuple[str, str, int, date, date | None]) -> tuple[int, int, str]:
        end = last if post[4] is None or post[4] > last else post[4]
        standard = terms.posts.get(post[0])
        return (-end.toordinal(), standard.rank if standard else unknown, post[0])

    held = min(paid, key=order)
    whole = any(post[3] <= first and (post[4] is None or post[4] > last) for post in paid)
    return Held(held[0], held[1], held[2], not whole)


def check_month(month: date, pays_on: date, today: date) -> None:
    """Raise `InvalidInput` for a month to come, or a day of payment before the month or more than a year after it."""
    if month > today:
        _refuse("/month", Text("不能编制以后月份的薪酬册", "A month to come has no payroll yet."))
    if pays_on < month or pays_on >= month.replace(year=month.year + 2):
        _refuse("/pays_on", Text("发放日期应在当月及以后两年内", "The day of payment lies in or after the month."))


def check_order(month: date, pays_on: date, last: tuple[date, str, date] | None) -> None:
    """Months in order: the month before approved and no later payment, since income tax adds up over the year.

    `last`: month, state and day of payment of the unit's last regular run. Raises `Conflict` or `WrongState`.
    """
    if last is None:
        return
    before, state, paid_on = last
    if month <= before:
        raise Conflict(Text("该月已编制薪酬册，更正请另编补发册", "The month has its run; correct it by another."))
    if month != (before.replace(day=28) + timedelta(days=4)).replace(day=1):
        raise WrongState(Text("应按月依次编制", "Months follow each other; one is missing before this."))
    if state != "approved":
        raise WrongState(Text("上月薪酬册尚未批准", "The run of the month before is not approved."))
    if pays_on < paid_on:
        _refuse("/pays_on", Text("发放日期不能早于上月", "It is paid no earlier than the month before."))


def check_correction(states: Sequence[str], pays_on: date, paid_on: date | None) -> None:
    """Raise `WrongState` unless the month has runs and all are approved, `InvalidInput` for a payment before the unit's
    last."""
    if not states or any(state != "approved" for state in states):
        raise WrongState(Text("该月薪酬册尚未全部批准，不能更正", "Not all runs of the month are approved."))
    if paid_on is not None and pays_on < paid_on:
        _refuse("/pays_on", Text("发放日期不能早于最近一次发放", "It is paid no earlier than the last run."))


def _refuse(pointer: str, message: Text) -> None:
    raise InvalidInput(message, errors=[FieldError(pointer, message)])
