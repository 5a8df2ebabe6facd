"""What goes in and out of payrolls over HTTP. Amounts are yuan, as text with two decimals."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
RunState = Literal["draft", "submitted", "approved"]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
LineSide = Literal["income", "withheld", "employer"]

labelled(
    "approval.fact.payroll",
    {
        "month": ("月份", "Month"),
        "people": ("人数", "Persons"),
        "net": ("实发合计（元）", "Net pay in all (yuan)"),
        "digest": ("薪酬册校验值", "Digest of the run"),
    },
)
labelled(
    "roster.pay_run_state",
    {"draft": ("草稿", "draft"), "submitted": ("待审批", "submitted"), "approved": ("已批准", "approved")},
)
labelled(
    "roster.pay_line_side",
    {
        "income": ("应发", "income"),
        "withheld": ("代扣代缴", "withheld"),
        "employer": ("单位缴纳", "paid by the employer"),
    },
)
labelled(
    "roster.pay_flag",
    {
        "part_month": (
            "当月任职不满整月，办法未写如何折算，按整月计",
            "part of the month only; not regulated, paid whole",
        ),
        "certificate_not_priced": ("高级职业资格未定价，计零", "the senior certificate has no price; zero"),
        "allowance_of_committee_member": ("“两委”成员持证补贴，提示", "a member of the two committees holds it"),
        "allowance_not_decided": ("津贴须有决定，尚无", "the allowance needs a decision; none is recorded"),
    },
)
labelled(
    "roster.pay_problem",
    {
        "wage_missing": ("未登记上年月平均工资（缴费基数）", "no wage base is recorded"),
        "standard_missing": ("该职务没有薪酬标准", "the post has no standard of pay"),
        "net_negative": ("代扣超过应发", "more is withheld than earned"),
    },
)


class RunDraft(Body):
    """The regular payroll of a unit and month."""

    unit_id: UUID
    month: Day = Field(description="Any day of the month.")
    pays_on: Day = Field(description="The day of payment; income tax counts in its year.")


class CorrectionDraft(Body):
    """A supplementary payroll: what a month ought to have been, less what was paid."""

    unit_id: UUID
    month: Day
    pays_on: Day
    reason: Sentence


class Submission(Body):
    """Submit the run as it was seen."""

    digest: Digest


class RunView(View):
    """A payroll with its sums. The same facts give the same `digest`; `problems` counts slips that hinder it."""

    id: UUID
    unit_id: UUID
    unit_no: int
    month: date
    number: int
    reason: str | None
    pays_on: date
    state: RunState
    digest: str
    people: int
    problems: int
    excluded: dict[str, int]
    income: Decimal
    withheld: Decimal
    net: Decimal
    employer: Decimal
    case_id: UUID | None
    approved_on: date | None
    files: int
    version: int


class LineView(View):
    """One line with the words it rests on. `source` is the document or statute of the figure."""

    code: str
    side: LineSide
    amount: Decimal
    label: dict[str, str]
    article: str | None
    words: str | None
    source: str | None
    facts: dict[str, Any]


class SlipView(View):
    """One worker's slip: net = income − withheld, each the sum of its lines."""

    run_id: UUID
    dossier_id: UUID
    month: date
    regular: bool
    role: str
    category: str
    income: Decimal
    withheld: Decimal
    net: Decimal
    employer: Decimal
    base: Decimal | None
    flags: list[str]
    problems: list[str]
    approved_on: date | None
    lines: list[LineView]


class CostView(View):
    """What the workers of one unit cost in a year, and what a year costs at the last month's rate.

    `borne_by` are the levels whose budgets bear it, as far as the regulation says; `paid_by` the level that pays out.
    """

    unit_id: UUID
    unit_no: int
    year: int
    months: int
    people: int
    income: Decimal
    employer: Decimal
    total: Decimal
    next_year: Decimal
    next_income: Decimal = Field(description="What of next year is pay; the rest is the employer's.")
    borne_by: list[str]
    paid_by: str
    article: str | None
