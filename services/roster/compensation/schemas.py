"""What goes in and out of compensation over HTTP. Amounts are yuan."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kernel.http.schema import Body, View
from services.roster.hearing_forms import Code, Day

Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class CompensationQuestion(Body):
    """How a contract would end. `monthly_pay` is stated where the payroll does not hold the months.

    `refused_renewal`: of a term that is over, whether the worker refused the same or better terms. `if_unlawful`: show
    also what would be owed were the end unlawful (LCL-87).
    """

    ground: Code
    last_day: Day
    refused_renewal: bool | None = None
    instead_of_notice: bool = False
    monthly_pay: Money | None = None
    if_unlawful: bool = False


class PayMonthView(View):
    """One month that the average is taken of; null where no pay was approved for it."""

    month: str
    pay: Decimal | None


class CompensationView(View):
    """Compensation as it would be, with everything that it rests on; nothing is stored.

    `ground` is null where nobody has named the statute's ground yet.
    """

    dossier_id: UUID
    relation: str
    ground: str | None
    worked_from: date | None = Field(description="First day of unbroken work for the present employer.")
    last_day: date
    months: list[PayMonthView]
    pay_is_stated: bool = Field(description="The monthly pay was stated, not taken of the approved payroll.")
    findings: list[dict[str, Any]]
