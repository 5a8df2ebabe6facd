"""The rows of a bank file as comma-separated values. Pure."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

HEADINGS = ("序号", "姓名", "开户银行", "账号", "金额", "备注")
_BOM = "\ufeff"
"""Spreadsheets of officials take a file without it for another encoding."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Payment:
    """One row; name, bank and account are personal data."""

    full_name: str = field(repr=False)
    bank: str = field(repr=False)
    account: str = field(repr=False)
    amount: Decimal


def written(payments: Iterable[Payment], remark: str) -> bytes:
    """The file; the same payments give the same bytes. A text that a spreadsheet would compute is quoted."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(HEADINGS)
    for number, each in enumerate(payments, 1):
        row = (number, _plain(each.full_name), _plain(each.bank), each.account, each.amount, _plain(remark))
        table.writerow(row)
    return (_BOM + out.getvalue()).encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
