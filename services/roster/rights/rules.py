"""Which rights the regulation gives, which record honours each, and who owes it (NM-15, SH-17). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kernel.errors import Conflict, FieldError, InvalidInput, Text
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack

RECORDS = "rights.records"
LISTS = ("rights.items", "rights.elsewhere")
PROVISION = "provision"
FUND_LINE = "fund.employer"


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of the table: a right, the record that shows it, the level that owes it. `kind` and `within_months`
    narrow the record."""

    right: str
    article: str
    record: str
    level: str
    kind: str | None
    within_months: int


def owed(pack: Pack) -> list[Owed]:
    """The lines of the table; raises `NotRegulated` where the regulation writes of no rights."""
    figure = pack.regulated(RECORDS)
    if figure is None:
        raise NotRegulated(Text("本办法没有权利的规定", "This regulation writes of no rights."))
    return [
        Owed(
            str(row["right"]),
            str(row["article"]),
            str(row["record"]),
            str(row["level"]),
            str(row["kind"]) if "kind" in row else None,
            int(row.get("within_months", 0)),
        )
        for row in figure.rows()
    ]


def label(pack: Pack, right: str) -> Text:
    """What the right is called."""
    for name in LISTS:
        listed = pack.item_list(name)
        if listed is not None and right in listed.items:
            return listed.items[right].label.text()
    return Text(right, right)


def line(pack: Pack, right: str, record: str) -> Owed:
    """The line of a right and record; raises `InvalidInput` for one that the regulation does not have."""
    for each in owed(pack):
        if (each.right, each.record) == (right, record):
            return each
    text = Text("本办法没有这一权利，或者不以此记录落实", "This regulation has no such right, or shows it otherwise.")
    raise InvalidInput(text, errors=[FieldError("/right", text, RECORDS)])


def recent(month: date, within_months: int, today: date) -> bool:
    """Whether a month lies no more than so many months before this one."""
    return (today.year - month.year) * 12 + today.month - month.month <= within_months


def insured(codes: Sequence[str], fund: bool) -> bool:
    """Whether the employer's lines of a slip hold the housing fund, or else some social insurance."""
    return FUND_LINE in codes if fund else any(code != FUND_LINE for code in codes)


def check_missing(honoured: bool, raised: bool) -> None:
    """Raise `Conflict` for what a record honours, or what is raised already."""
    if honoured:
        raise Conflict(Text("已有记录落实该项权利", "A record honours this right."))
    if raised:
        raise Conflict(Text("该项已提出，正在办理", "It is raised already."))


def check_provision(pack: Pack, right: str, provided_on: date, today: date) -> None:
    """Raise `InvalidInput` for a right that is not shown by what a unit provides, or a day to come."""
    line(pack, right, PROVISION)
    if provided_on > today:
        text = Text("提供日期不能在今天之后", "What was provided lies not after today.")
        raise InvalidInput(text, errors=[FieldError("/provided_on", text)])
