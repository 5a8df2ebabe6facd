"""What stands in the printed contract (NM-12, SH-2, SH-8). Pure: facts in, the template's values out.

Forms print the last day of a period, not the first day after it. Identity data comes in masked and goes out as it came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.regulation.pack import Pack
from kernel.regulation.schema.organisation import Category

CONTENTS = "contract.contents"
PARTY_LEVEL = "contract.party_level"
LABOUR = "labour_contract"
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Contract:
    """What the parties agreed; periods half-open."""

    number: str
    state: str
    relation: str
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
    category: str


def values(pack: Pack, contract: Contract, parties: Parties) -> dict[str, Any]:
    """The values of the template `labour_contract.docx`: texts and one list of clauses, in Chinese."""
    labour = contract.relation == LABOUR
    # A service agreement rests on the words that know it (SH-2), not on those of the labour contract.
    rests_on = pack.parameter(PARTY_LEVEL, contract.valid_from) if labour else _category(pack, parties.category)
    regulation = f"《{pack.document.pack.title.zh}》"
    return {
        "title": pack.document.relations[contract.relation].label.zh,
        "kind": "合同" if labour else "协议",
        "basis": f"《中华人民共和国劳动合同法》和{regulation}" if labour else f"《中华人民共和国民法典》和{regulation}",
        "article": rests_on.article or "" if rests_on else "",
        "words": rests_on.words or "" if rests_on else "",
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
        "penalty": penalty(contract.penalty, labour=labour),
        "penalty_note": "除依法可以约定的情形外，不得约定由劳动者承担违约金。" if labour else "",
        "employer_signed_on": signed(contract.employer_signed_on),
        "worker_signed_on": signed(contract.worker_signed_on),
    }


def _category(pack: Pack, category: str) -> Category | None:
    return pack.document.categories.get(category)


def clauses(pack: Pack, contents: Mapping[str, str]) -> list[dict[str, str]]:
    """The clauses in the order of the regulation's list, then those that the parties added, each numbered.

    A regulation that lists none (SH-8) leaves all of them to the parties.
    """
    asked = pack.item_list(CONTENTS)
    labels = {name: item.label.zh for name, item in asked.items.items()} if asked is not None else {}
    order: Sequence[str] = [*labels, *sorted(set(contents) - set(labels))]
    other = "其他约定" if labels else "双方约定"
    named = [(labels.get(name, other), contents[name]) for name in order if contents.get(name, "").strip()]
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


def penalty(agreed: tuple[str, str] | None, *, labour: bool = True) -> str:
    """The sum the worker would owe and its ground, or that none is agreed."""
    if agreed is None:
        return "不约定由劳动者承担的违约金" if labour else "不约定违约金"
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
