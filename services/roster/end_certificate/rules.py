"""What the certificate of the end of a labour contract says (LCL-50). Pure: facts in, the template's values out.

By article 24 of the Regulation on the Implementation of the Labour Contract Law it names the term of the contract, the
day of its end, the post and the years of work for the employer; nothing is said of why, unless the worker asks.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.calendar import full_months
from kernel.errors import Text, WrongState
from kernel.regulation.figures import Figure
from services.roster.printing.rules import Parties, day, last, term

BY_ITSELF = frozenset({None, "retirement"})
"""Grounds on which a contract comes to its end (终止), where others dissolve it (解除) (LCL-44)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A contract that is over; `before` is the first day after it, `worked_from` begins unbroken work."""

    number: str
    signed: bool
    employment: bool
    followed: bool
    open_ended: bool
    valid_from: date
    before: date | None
    agreed_before: date | None
    ground: str | None
    worked_from: date


def check(ended: Ended, today: date, article: str | None) -> None:
    """Raise `WrongState` where there is no end of a labour contract to certify."""
    if not ended.employment:
        says = Text("本件不是劳动合同，不出具此证明", "This is no labour contract; no such certificate is given.")
    elif not ended.signed or ended.before is None or ended.before > today:
        says = Text("合同尚未终止或者解除", "The contract has not ended.")
    elif ended.followed:
        says = Text("劳动关系由续订的合同延续，未终止", "The employment goes on under the next contract.")
    else:
        return
    raise WrongState(says, article=article)


def values(ended: Ended, parties: Parties, rests_on: Figure, on: date) -> dict[str, Any]:
    """The values of the template `end_of_contract.docx`. Only after `check`."""
    assert ended.before is not None  # noqa: S101 - checked before
    agreed = ended.agreed_before if ended.agreed_before is not None else None if ended.open_ended else ended.before
    by_itself = ended.ground in BY_ITSELF and (ended.ground is not None or ended.before == agreed)
    return {
        "kind": "终止" if by_itself else "解除",
        "number": ended.number,
        "employer": parties.employer,
        "worker": parties.worker,
        "id_number": parties.id_number,
        "post_title": parties.post_title,
        "term": term(ended.valid_from, agreed),
        "ended_on": last(ended.before),
        "worked": f"自{day(ended.worked_from)}起至{last(ended.before)}止，共{length(ended.worked_from, ended.before)}",
        "transfer_within": str(rests_on.integer()),
        "article": rests_on.article or "",
        "words": rests_on.words or "",
        "printed_on": day(on),
    }


def length(start: date, before: date) -> str:
    """Full years and months of the half-open period; days where it is shorter than a month."""
    years, months = divmod(full_months(start, before), 12)
    said = (f"{years}年" if years else "") + (f"{months}个月" if months else "")
    return said or f"{(before - start) // timedelta(days=1)}天"
