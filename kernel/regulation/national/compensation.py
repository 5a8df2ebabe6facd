"""Economic compensation (经济补偿) at the end of a labour contract, over the figures of LCL-46 and LCL-47.

Months, multiples and thresholds are data of the national layer; the local minimum and average wage are data of a place.
What is not known is named and never assumed. Amounts are yuan, exact, rounded half up to the cent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kernel.calendar import before_after_months, full_months
from kernel.errors import FieldError, InvalidInput, ParameterNotSet, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema.base import article_of
from kernel.regulation.schema.rules import Outcome

GROUNDS = "compensation.grounds"
WITHOUT = "compensation.grounds_without"
SCALE = "compensation.scale"
AVERAGED = "compensation.averaged_months"
FLOORED = "compensation.floored"
MULTIPLE = "compensation.ceiling_multiple"
MOST = "compensation.ceiling_years"
COUNTED_FROM = "compensation.counted_from"
LAST_PAY = "compensation.notice_pay_averaged_months"
NOTICE_PAY = "exit.notice_pay_months"
UNLAWFUL = "compensation.unlawful_multiple"
UNLAWFUL_WHOLE = "compensation.unlawful_from_first_day"
TRANSFER = "compensation.transfer_within_days"
KEPT = "compensation.text_kept_months"
MINIMUM_WAGE = "compensation.minimum_wage"
AVERAGE_WAGE = "compensation.average_wage"
BINDS = "compensation"
"""How a relation says that compensation is due in it (`national_rules`)."""
EMPLOYMENT = "labour_contract"
AGENCY = "agency"
"""How a relation ends (`removal`) that an employer, or an agency, ends by the Labour Contract Law."""

CENT = Decimal("0.01")
ROUNDING = Text("月平均工资和金额四舍五入到分", "Average and amount are rounded half up to the cent.")

Row = Mapping[str, int | bool | str]


@dataclass(frozen=True, slots=True)
class Ended:
    """How and when work ends. `worked_from` is the first day of unbroken work for this employer.

    `refused_renewal`: the worker refused to renew on the same or better terms; None where nobody says.
    `instead_of_notice`: the employer pays instead of giving notice.
    `if_unlawful`: show also what would be owed were the end unlawful.
    """

    relation: str
    ground: str
    worked_from: date
    last_day: date
    refused_renewal: bool | None = None
    instead_of_notice: bool = False
    if_unlawful: bool = False


@dataclass(frozen=True, slots=True)
class Wages:
    """What the sums rest on, yuan a month: the averages of the worker's pay and the two wages of the place.

    None where it is not known; `missing` tells of each of them what is missing, by name.
    """

    average: Decimal | None
    last: Decimal | None
    minimum: Decimal | None
    local_average: Decimal | None
    missing: Mapping[str, Text]


def cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def months_of_pay(rows: Iterable[Row], worked_from: date, before: date) -> Decimal:
    """Months of pay for the service in [worked_from, before): rows are `{from_months, pays}`.

    The longest row is a full unit, paid as often as it is full; the rest is paid by the longest row that it reaches.
    Raises ValueError for a table without a row for the rest.
    """
    table = sorted((int(row["from_months"]), Decimal(str(row["pays"]))) for row in rows)
    unit, pays = table[-1]
    months = full_months(worked_from, before)
    full = months // unit
    if before_after_months(worked_from, full * unit) >= before:
        return full * pays
    reached = [each for least, each in table if least <= months - full * unit]
    if not reached:
        raise ValueError("the table has no row for what is left over")
    return full * pays + reached[-1]


def base_of(average: Decimal, minimum: Decimal, ceiling: Decimal) -> tuple[Decimal, bool]:
    """The monthly pay that counts, and whether the ceiling cut it: only what is above the ceiling is cut."""
    return (ceiling, True) if average > ceiling else (max(average, minimum), False)


def local_wage(pack: Pack, path: str, on: date) -> tuple[Decimal | None, Text | None]:
    """A wage of the place in force on a day; where nobody set it, what to say of that."""
    figure = pack.parameter(path, on)
    try:
        return figure.decimal(), None
    except ParameterNotSet as problem:
        return None, problem.detail or figure.parameter.label.text()


def is_known(pack: Pack) -> bool:
    """Whether this version of the regulation was published since compensation is asked for."""
    return GROUNDS in pack.document.parameters


def ends_by_notice(pack: Pack, ground: str, on: date) -> bool:
    """Whether the employer ends a contract on that ground by notice, or by pay instead of it (LCL-40)."""
    return any(row["ground"] == ground and row["notice"] is True for row in pack.parameter(GROUNDS, on).rows())


def ground_row(pack: Pack, ground: str, on: date, pointer: str = "/ground") -> tuple[Row, bool]:
    """The row of a ground of ending, and whether it is one on which compensation is due.

    Raises `InvalidInput` at the pointer for a ground that the statute does not know.
    """
    figures = {due: pack.parameter(path, on) for due, path in ((True, GROUNDS), (False, WITHOUT))}
    rows = [(row, due) for due, figure in figures.items() for row in figure.rows()]
    for row, due in rows:
        if row["ground"] == ground:
            return row, due
    known = "、".join(str(row["ground"]) for row, _ in rows)
    message = Text(f"劳动合同终止的情形应为：{known}", f"The ground of ending is one of {known}.")
    error = FieldError(pointer, message, rule=GROUNDS, article=figures[True].article)
    raise InvalidInput(message, errors=[error], article=figures[True].article)


def compensation_findings(pack: Pack, ended: Ended, wages: Wages) -> list[Finding]:
    """Whether compensation is due, and where it is: service, base and amount, each with the facts it rests on.

    Pay instead of notice follows where the ground knows one and it was chosen, damages where they are asked for, and
    what the employer does at the end of a labour contract. Raises `InvalidInput` for a ground of ending that the
    statute does not know.
    """
    row, due_on_it = ground_row(pack, ended.ground, ended.last_day)
    due = _due(pack, ended, row, due_on_it)
    found, owed = [due], due.outcome in ("met", "needs_judgement")
    if owed:
        found += _sums(pack, ended, wages)
    # A public-welfare post knows no compensation, but its contract ends by LCL-40 like any other.
    ends_by_law = pack.document.relations[ended.relation].removal == EMPLOYMENT
    if ends_by_law and ended.instead_of_notice and ends_by_notice(pack, ended.ground, ended.last_day):
        found.append(_notice_pay(pack, ended, wages))
    if ended.if_unlawful and due.outcome != "not_regulated" and UNLAWFUL in pack.document.parameters:
        found.append(_damages(pack, ended, wages))
    if ends_by_law and TRANSFER in pack.document.parameters:
        found.append(_formalities(pack, ended.last_day, owed=owed))
    return found


def _due(pack: Pack, ended: Ended, row: Row, due_on_it: bool) -> Finding:
    facts: dict[str, object] = {"relation": ended.relation, "ground": ended.ground}
    relation = pack.document.relations[ended.relation]
    if BINDS not in relation.national_rules:
        label = relation.label
        zh, en = "用人单位不依劳动合同法支付经济补偿", "no compensation by the Labour Contract Law is owed here"
        if relation.removal == AGENCY:
            zh, en = (
                "经济补偿由劳务派遣单位依法支付",
                "the agency owes what the law asks, not the unit that uses the work",
            )
        message = Text(f"{label.zh}：{zh}", f"{label.en}: {en}")
        return Finding("compensation.due", relation.article, relation.words, facts, "not_regulated", None, message)
    figure, basis = pack.parameter(GROUNDS, ended.last_day), str(row["basis"])
    words = figure.words if article_of(basis) == figure.article else pack.article(basis).text
    if not due_on_it:
        message = Text(
            f"{SAYS['not_met'].zh}：该情形不支付经济补偿",
            f"{SAYS['not_met'].en}: on this ground no compensation is due",
        )
        return Finding("compensation.due", basis, words, facts, "not_met", False, message)
    outcome: Outcome = "met"
    zh, en = "应当支付经济补偿", "compensation is due"
    if row["unless_refused"]:
        facts["refused_renewal"] = ended.refused_renewal
        if ended.refused_renewal is None:
            outcome = "needs_judgement"
            zh = "须写明是否维持或者提高约定条件续订而劳动者不同意；不是的应当支付"
            en = "state whether the worker refused the same or better terms; if not, it is due"
        elif ended.refused_renewal:
            outcome = "not_met"
            zh, en = "劳动者不同意以不低于原条件续订，不支付", "the worker refused the same or better terms; not due"
    message = Text(f"{SAYS[outcome].zh}：{zh}", f"{SAYS[outcome].en}: {en}")
    value = None if outcome == "needs_judgement" else outcome == "met"
    return Finding("compensation.due", basis, words, facts, outcome, value, message)


def _sums(pack: Pack, ended: Ended, wages: Wages) -> list[Finding]:
    on, before = ended.last_day, ended.last_day + timedelta(days=1)
    since = pack.parameter(COUNTED_FROM, on)
    counted_from = max(ended.worked_from, since.day())
    scale = pack.parameter(SCALE, on)
    months = months_of_pay(scale.rows(), counted_from, before)
    facts = {
        "worked_from": ended.worked_from,
        "counted_from": counted_from,
        "last_day": on,
        "full_months": full_months(counted_from, before),
    }
    told = Text(
        f"{SAYS['met'].zh}：自 {counted_from} 至 {on}，计 {months} 个月工资",
        f"{SAYS['met'].en}: from {counted_from} to {on}: {months} months of pay",
    )
    found = [Finding("compensation.service", scale.article, scale.words, facts, "met", months, told)]
    if ended.worked_from < counted_from:
        found.append(_earlier(since, ended.worked_from, counted_from))
    base, over, finding = _base(pack, on, wages)
    return [*found, finding, _amount(pack, on, months, base, over)]


def _earlier(since: Figure, worked_from: date, before: date) -> Finding:
    facts = {"worked_from": worked_from, "before": before, "full_months": full_months(worked_from, before)}
    message = Text(
        f"{SAYS['needs_judgement'].zh}：{before} 以前的工作年限按照当时有关规定核定，未计入",
        f"{SAYS['needs_judgement'].en}: service before {before} goes by the rules of its time and is not counted in",
    )
    return Finding("compensation.earlier_service", since.article, since.words, facts, "needs_judgement", None, message)


def _base(pack: Pack, on: date, wages: Wages) -> tuple[Decimal | None, bool, Finding]:
    averaged, floored, multiple = (pack.parameter(path, on) for path in (AVERAGED, FLOORED, MULTIPLE))
    facts: dict[str, object] = {
        "averaged_months": averaged.integer(),
        "average_pay": wages.average,
        "minimum_wage": wages.minimum,
        "local_average_wage": wages.local_average,
    }
    if wages.average is None or wages.minimum is None or wages.local_average is None:
        lacking = [text for name, text in wages.missing.items() if name != "last"]
        message = Text(
            f"{SAYS['needs_judgement'].zh}：不能计算月工资：" + "；".join(each.zh for each in lacking),
            f"{SAYS['needs_judgement'].en}: the monthly pay cannot be computed: "
            + "; ".join(each.en for each in lacking),
        )
        facts["missing"] = [name for name in wages.missing if name != "last"]
        finding = Finding(
            "compensation.base", averaged.article, averaged.words, facts, "needs_judgement", None, message
        )
        return None, False, finding
    minimum = wages.minimum if floored.boolean() else Decimal(0)
    ceiling = wages.local_average * multiple.decimal()
    base, over = base_of(wages.average, minimum, ceiling)
    base = cents(base)
    facts |= {"ceiling": cents(ceiling), "above_ceiling": over}
    # What decided it is cited: the ceiling, the floor, or the average itself.
    rests_on = multiple if over else floored if base > wages.average else averaged
    message = Text(f"{SAYS['met'].zh}：月工资 {base} 元", f"{SAYS['met'].en}: monthly pay {base} yuan")
    return (
        base,
        over,
        Finding(
            "compensation.base", rests_on.article, rests_on.words, facts, "met", base, message, remarks=(ROUNDING,)
        ),
    )


def _amount(pack: Pack, on: date, months: Decimal, base: Decimal | None, over: bool) -> Finding:
    scale, most = pack.parameter(SCALE, on), pack.parameter(MOST, on)
    paid = min(months, most.decimal()) if over else months
    figure = most if over else scale
    facts = {"months": paid, "monthly_pay": base}
    if base is None:
        message = Text(
            f"{SAYS['needs_judgement'].zh}：计 {paid} 个月工资，月工资未能确定，金额不作推算",
            f"{SAYS['needs_judgement'].en}: {paid} months of pay; the pay is not known and no sum is assumed",
        )
        return Finding("compensation.amount", figure.article, figure.words, facts, "needs_judgement", None, message)
    amount = cents(base * paid)
    message = Text(
        f"{SAYS['met'].zh}：{base} 元 × {paid} 个月 = {amount} 元",
        f"{SAYS['met'].en}: {base} yuan × {paid} months = {amount} yuan",
    )
    return Finding(
        "compensation.amount", figure.article, figure.words, facts, "met", amount, message, remarks=(ROUNDING,)
    )


def _notice_pay(pack: Pack, ended: Ended, wages: Wages) -> Finding:
    months, by_last = pack.parameter(NOTICE_PAY, ended.last_day), pack.parameter(LAST_PAY, ended.last_day)
    facts: dict[str, object] = {"months": months.integer(), "last_monthly_pay": wages.last}
    if wages.last is None:
        lacking = wages.missing["last"]
        message = Text(
            f"{SAYS['needs_judgement'].zh}：不能计算代通知金：{lacking.zh}",
            f"{SAYS['needs_judgement'].en}: the pay instead of notice cannot be computed: {lacking.en}",
        )
        return Finding(
            "compensation.notice_pay", by_last.article, by_last.words, facts, "needs_judgement", None, message
        )
    amount = cents(wages.last * months.integer())
    message = Text(
        f"{SAYS['met'].zh}：代通知金 {amount} 元（{months.integer()} 个月工资）",
        f"{SAYS['met'].en}: {amount} yuan instead of notice ({months.integer()} months of pay)",
    )
    return Finding(
        "compensation.notice_pay", months.article, months.words, facts, "met", amount, message, remarks=(ROUNDING,)
    )


def _damages(pack: Pack, ended: Ended, wages: Wages) -> Finding:
    """What would be owed were the end unlawful (LCL-87), instead of compensation; whether it is, a human finds."""
    on, before = ended.last_day, ended.last_day + timedelta(days=1)
    multiple, since = pack.parameter(UNLAWFUL, on), pack.parameter(COUNTED_FROM, on)
    whole = pack.parameter(UNLAWFUL_WHOLE, on).boolean()
    counted_from = ended.worked_from if whole else max(ended.worked_from, since.day())
    months = months_of_pay(pack.parameter(SCALE, on).rows(), counted_from, before)
    base, over, _ = _base(pack, on, wages)
    paid = min(months, pack.parameter(MOST, on).decimal()) if over else months
    amount = cents(base * paid * multiple.decimal()) if base is not None else None
    facts = {"counted_from": counted_from, "months": paid, "monthly_pay": base, "multiple": multiple.decimal()}
    sum_zh = f"{amount} 元" if amount is not None else "月工资未能确定，金额不作推算"
    sum_en = f"{amount} yuan" if amount is not None else "the pay is not known and no sum is assumed"
    says = SAYS["needs_judgement"]
    message = Text(
        f"{says.zh}：如认定违法，应付赔偿金为 {paid} 个月工资的 {multiple.decimal()} 倍（{sum_zh}），不再支付经济补偿",
        f"{says.en}: if the end is found unlawful, {multiple.decimal()} times {paid} months of pay ({sum_en}) is owed, "
        "and no compensation beside it",
    )
    return Finding(
        "compensation.if_unlawful", multiple.article, multiple.words, facts, "needs_judgement", amount, message
    )


def _formalities(pack: Pack, last_day: date, *, owed: bool) -> Finding:
    """The certificate, the transfer of file and insurance, and how long the text is kept (LCL-50)."""
    within = pack.parameter(TRANSFER, last_day)
    until = last_day + timedelta(days=within.integer())
    months = pack.parameter(KEPT, last_day).integer()
    kept = before_after_months(last_day + timedelta(days=1), months) - timedelta(days=1)
    facts = {"certificate_on": last_day, "transfer_until": until, "text_kept_until": kept, "paid_at_hand_over": owed}
    message = Text(
        f"{SAYS['met'].zh}：{last_day} 出具解除或者终止劳动合同的证明，{until} 以前办理档案和社会保险关系转移，"
        f"文本保存至 {kept}" + ("；经济补偿在办结工作交接时支付" if owed else ""),
        f"{SAYS['met'].en}: certify the end on {last_day}, transfer file and insurance by {until}, keep the text until "
        f"{kept}" + ("; compensation is paid when the work is handed over" if owed else ""),
    )
    return Finding("compensation.formalities", within.article, within.words, facts, "met", str(until), message)
