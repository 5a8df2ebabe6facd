"""The regulation of Shuanghe with made-up local figures laid over, and the terms it gives for a month."""

from datetime import date
from functools import cache
from typing import Any

from kernel.regulation.local import LocalValue, overlay
from kernel.regulation.pack import Pack
from services.roster.pay_terms import Terms, read_terms
from tests.unit.services.roster.packs import shuanghe

MONTH = date(2025, 6, 1)
STANDARD: list[dict[str, Any]] = [
    {"role": "secretary", "base": "5000.01", "performance": "1500", "principal": True},
    {"role": "director", "base": "5000.01", "performance": "1500", "principal": True},
    {"role": "deputy_secretary", "base": "4000", "performance": "1200.05"},
    {"role": "committee_member", "base": "3500", "performance": "1000"},
]
LOCAL: dict[str, Any] = {
    "pay.standard": STANDARD,
    "pay.performance_reference": "deputy_secretary",
    "insurance.average_monthly_wage": "7000",
    "insurance.medical_employer_percent": "7.5",
    "insurance.maternity_employer_percent": "0.5",
}


def laid(**changes: Any) -> Pack:
    """With the local figures; `changes` by path with dots as `__`, None leaves one open."""
    values = LOCAL | {path.replace("__", "."): value for path, value in changes.items()}
    return overlay(
        shuanghe(), [LocalValue(path, value, "演示文件1号") for path, value in values.items() if value is not None]
    )


@cache
def terms() -> Terms:
    """The terms of June 2025."""
    return read_terms(laid(), MONTH)
