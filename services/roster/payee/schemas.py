"""What goes in and out of a worker's pay data over HTTP. Amounts are yuan, as text with at most two decimals."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.schema import Body, View

Money = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2, max_digits=14)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
ACCOUNT_DIGITS = range(8, 31)
"""Lengths of account numbers; a card has 16 to 19 digits, accounts of organisations up to 30."""


class Opening(Body):
    """What the same payer paid and withheld in the tax year before the payroll was kept here."""

    months: Annotated[int, Field(ge=0, le=12)] = 0
    income: Money = Decimal(0)
    deducted: Money = Field(default=Decimal(0), description="Social insurance and housing fund withheld.")
    special: Money = Field(default=Decimal(0), description="Special additional deductions taken.")
    withheld: Money = Field(default=Decimal(0), description="Income tax withheld.")


class PayYearEntry(Body):
    """A year's own average monthly pay of the year before, the base of social insurance."""

    year: Annotated[int, Field(ge=1990, le=2199)]
    wage: Money
    source: Sentence
    opening: Opening = Opening()


class TaxDeductionEntry(Body):
    """Special additional deductions declared for each month from that month on."""

    month: Day = Field(description="Any day of the first month.")
    amount: Money
    source: Sentence


class BankAccountEntry(Body):
    """Where the worker is paid."""

    bank: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    account: Annotated[SecretStr, Field(min_length=8, max_length=40)]

    @field_validator("account")
    @classmethod
    def is_an_account(cls, value: SecretStr) -> SecretStr:
        """Digits, blanks left out."""
        digits = value.get_secret_value().replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) in ACCOUNT_DIGITS):
            text = Text("银行账号应为8至30位数字", "an account number has 8 to 30 digits")
            raise PydanticCustomError("account", "{text}", {"text": text})
        return SecretStr(digits)


class PayYearView(View):
    """A year's figures."""

    year: int
    wage: Decimal
    source: str
    opening_months: int
    opening_income: Decimal
    opening_deducted: Decimal
    opening_special: Decimal
    opening_withheld: Decimal


class TaxDeductionView(View):
    """Special additional deductions a month, from a month on."""

    month: date
    amount: Decimal
    source: str


class BankAccountView(View):
    """The account, de-identified."""

    bank: str
    account: str
    version: int


class PayeeView(View):
    """What pay knows of a worker."""

    dossier_id: UUID
    years: list[PayYearView]
    tax_deductions: list[TaxDeductionView]
    bank_account: BankAccountView | None
