"""What stands in the printed labour contract (NM-12). Pure: facts in, the template's values out.

Forms print the last day of a period, not the first day after it. Identity data comes in masked and goes out as it came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.regulation.pack import Pack

CONTENTS = "contract.contents"
PARTY_LEVEL = "contract.party_level"
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Contract:
    """What the parties agreed; periods half-open."""

    number: str
    state: str
    valid_from: date
    valid_before: date | None
    probation_months: int
    probation_before: date | None
    contents: Mapping[str, str]
    penalty: tuple[str, str] | None
    """Ground of the penalty, as people read it, and the sum in yuan."""
    employer_signed_on: date | None
    worker_signed_on: date | None


@dataclass(frozen=True, slots=True)
class Parties:
    """Who concludes it, and for which post. ID number and phone are masked."""

    employer: str
    worker: str
    id_number: str
    phone: str
    post_title: str
    community: str


def values(pack: Pack, contract: Contract, parties: Parties) -> dict[str, Any]:
    """The values of the template `labour_contract.docx`: texts and one list of clauses, in Chinese."""
    figure = pack.parameter(PARTY_LEVEL, contract.valid_from)
    return {
        "regulation": pack.document.pack.title.zh,
        "article": figure.article or "",
        "words": figure.words or "",
        "number": contract.number,
        "draft_note": "" if contract.state == "in_force" else "（本件尚未由双方签署，不具有合同效力）",
        "employer": parties.employer,
        "worker": parties.worker,
        "id_number": parties.id_number,
        "phone": parties.phone,
        "post_title": parties.post_title,
        "community": parties.community,
        "term": term(contract.valid_from, contract.valid_before),
        "probation": probation(contract.valid_from, contract.probation_months, contract.probation_before),
        "clauses": clauses(pack, contract.contents),
        "penalty": penalty(contract.penalty),
        "employer_signed_on": signed(contract.employer_signed_on),
        "worker_signed_on": signed(contract.worker_signed_on),
    }


def clauses(pack: Pack, contents: Mapping[str, str]) -> list[dict[str, str]]:
    """The clauses in the order of the regulation's list, then those that the parties added, each numbered."""
    asked = pack.item_list(CONTENTS)
    labels = {name: item.label.zh for name, item in asked.items.items()} if asked is not None else {}
    order: Sequence[str] = [*labels, *sorted(set(contents) - set(labels))]
    named = [(labels.get(name, "其他约定"), contents[name]) for name in order if contents.get(name, "").strip()]
    return [
        {"number": numeral(place), "label": label, "text": text} for place, (label, text) in enumerate(named, start=1)
    ]


def term(valid_from: date, valid_before: date | None) -> str:
    """The term with its last day, or that it is open-ended."""
    if valid_before is None:
        return f"无固定期限，自{day(valid_from)}起"
    return f"固定期限，自{day(valid_from)}起至{last(valid_before)}止"


def probation(valid_from: date, months: int, before: date | None) -> str:
    """The probation with its last day, or that none is agreed."""
    if not months or before is None:
        return "不约定试用期"
    return f"{months}个月，自{day(valid_from)}起至{last(before)}止（包含在合同期限内）"


def penalty(agreed: tuple[str, str] | None) -> str:
    """The sum the worker would owe and its ground, or that none is agreed."""
    if agreed is None:
        return "不约定由劳动者承担的违约金"
    ground, amount = agreed
    return f"{ground}，违约金{amount}元"


def signed(on: date | None) -> str:
    """The day of the signature; a blank to fill in where there is none."""
    return day(on) if on is not None else "　　　　年　　月　　日"


def day(on: date) -> str:
    """2026年3月1日."""
    return f"{on.year}年{on.month}月{on.day}日"


def last(before: date) -> str:
    """The last day of a period that ends before that day."""
    return day(before - timedelta(days=1))


def numeral(number: int) -> str:
    """The number of a clause, 1 to 99, as contracts write it: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")
