"""By what path a worker resigns, and which day is the last (NM-29, LCL-37; counting N0). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kernel.errors import Conflict, FieldError, InvalidInput, Text
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

NOTICE = "resignation.notice_days"
PROBATION_NOTICE = "resignation.probation_notice_days"
TO_LEVEL = "resignation.to_level"
BY_STATUTE = "resignation"
OFFICE = "recall_or_removal"

Path = Literal["statute", "party_rules"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice given on a day, and the contract it ends: first days after probation and term, None for none."""

    given_on: date
    probation_before: date | None
    contract_before: date | None
    wanted_last_day: date | None = None

    @property
    def in_probation(self) -> bool:
        """Whether the day of the notice lies in probation."""
        return self.probation_before is not None and self.given_on < self.probation_before


def path_of(pack: Pack, relation: str | None) -> Path:
    """By statute, or by Party rules and law for an office; raises `Conflict` where the worker holds neither."""
    known = pack.document.relations.get(relation) if relation is not None else None
    if known is not None and BY_STATUTE in known.national_rules:
        return "statute"
    if known is not None and known.removal == OFFICE:
        return "party_rules"
    raise Conflict(
        Text("该人员当前没有可以辞去的劳动合同或者任职", "There is no labour contract or office to resign from."),
        article=pack.parameter(TO_LEVEL).article,
    )


def last_day(pack: Pack, notice: Notice) -> date:
    """The last day of the contract: the last of the notice days counted from the day after the notice, a later one
    that the worker names, or the end of the term where it comes first.

    Raises `InvalidInput` for a wanted day before the notice is over.
    """
    figure = pack.parameter(PROBATION_NOTICE if notice.in_probation else NOTICE, notice.given_on)
    earliest = notice.given_on + timedelta(days=figure.integer())
    if notice.wanted_last_day is not None and notice.wanted_last_day < earliest:
        message = Text(
            f"最后工作日不得早于通知期满之日 {earliest}", f"The last day cannot be before the notice ends ({earliest})."
        )
        raise InvalidInput(message, errors=[FieldError("/last_day", message, rule=figure.path, article=figure.article)])
    day = notice.wanted_last_day or earliest
    return day if notice.contract_before is None else min(day, notice.contract_before - timedelta(days=1))


def findings(pack: Pack, path: Path, notice: Notice | None) -> list[Finding]:
    """What the resignation rests on: the regulation's article, and the statute's where it ends the contract."""
    to = pack.parameter(TO_LEVEL)
    if path == "party_rules" or notice is None:
        message = Text(
            f"{SAYS['needs_judgement'].zh}：“两委”专职成员辞职按党内法规和法律法规办理，系统只作登记，不终止任职",
            f"{SAYS['needs_judgement'].en}: members resign by Party rules and law; it is recorded, no office is ended",
        )
        return [Finding("resignation.by_party_rules", to.article, to.words, {}, "needs_judgement", None, message)]
    figure = pack.parameter(PROBATION_NOTICE if notice.in_probation else NOTICE, notice.given_on)
    day, number = last_day(pack, notice), figure.integer()
    written = Text(
        f"{SAYS['met'].zh}：已书面提出，无需批准", f"{SAYS['met'].en}: given in writing; no approval is asked"
    )
    facts = {"given_on": notice.given_on, "in_probation": notice.in_probation, "notice_days": number}
    ends = Text(
        f"{SAYS['met'].zh}：提前 {number} 日通知，劳动合同于 {day} 届满后解除",
        f"{SAYS['met'].en}: {number} days of notice; the contract ends with {day}",
    )
    return [
        Finding("resignation.in_writing", to.article, to.words, {"given_on": notice.given_on}, "met", None, written),
        Finding(figure.path, figure.article, figure.words, facts, "met", day, ends),
    ]
