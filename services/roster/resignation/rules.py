"""By what path a worker resigns, and which day is the last (NM-29, SH-26, LCL-37; counting N0). Pure.

A regulation may ask for approval and hand-over before the formalities (SH-26). For a labour contract the statute
prevails: both texts are shown, and the contract ends without either.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

NOTICE = "resignation.notice_days"
PROBATION_NOTICE = "resignation.probation_notice_days"
TO_LEVEL = "resignation.to_level"
TO_DEPARTMENT = "resignation.to_department"
FORWARD_LEVEL = "resignation.forward_level"
APPROVAL = "resignation.approval"
AGREED_NOTICE = "resignation.agreed_notice_days"
BY_STATUTE = "resignation"
OFFICE = "recall_or_removal"

AGREED = "as_agreed"

Path = Literal["statute", "agreement", "party_rules"]


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
    """By statute; as the text says for an agreement; by Party rules and law for an office.

    Raises `Conflict` where the worker holds none of them, or the regulation says nothing of agreements.
    """
    known = pack.document.relations.get(relation) if relation is not None else None
    if known is not None and BY_STATUTE in known.national_rules:
        return "statute"
    if known is not None and known.removal == OFFICE:
        return "party_rules"
    if known is not None and known.removal == AGREED and pack.parameter(AGREED_NOTICE).state == "set":
        return "agreement"
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


def agreed_day(pack: Pack, given_on: date, wanted: date | None) -> date:
    """The first day on which an agreement may end: the last of the regulation's days of notice, or a later one named.

    Raises `InvalidInput` for a wanted day before the notice is over.
    """
    figure = pack.parameter(AGREED_NOTICE, given_on)
    earliest = given_on + timedelta(days=figure.integer())
    if wanted is not None and wanted < earliest:
        message = Text(
            f"最后工作日不得早于通知期满之日 {earliest}", f"The last day cannot be before the notice ends ({earliest})."
        )
        raise InvalidInput(message, errors=[FieldError("/last_day", message, rule=figure.path, article=figure.article)])
    return wanted or earliest


def asks_approval(pack: Pack) -> bool:
    """Whether the regulation speaks of an approval of resignations."""
    return pack.parameter(APPROVAL).state == "set"


def check_approval(pack: Pack, state: str, approved_on: date | None) -> None:
    """Raise `RuleRefused` where no approval is regulated, `WrongState` for one given or without object."""
    figure = pack.parameter(APPROVAL)
    if figure.state != "set":
        raise RuleRefused(Text("本办法未规定辞职须经批准", "This regulation asks for no approval."), article=None)
    if approved_on is not None or state == "withdrawn":
        raise WrongState(Text("已批准或者已撤回", "It is approved or taken back already."), article=figure.article)


def findings(pack: Pack, path: Path, notice: Notice | None, agreed: date | None = None) -> list[Finding]:
    """What the resignation rests on: the regulation's article, and the statute's where it ends the contract.

    agreed: the first day on which an agreement may end.
    """
    to = pack.parameter(TO_LEVEL)
    if path == "agreement":
        approval = pack.parameter(APPROVAL)
        waits = Text(
            f"{SAYS['needs_judgement'].zh}：服务协议按约定办理，最早 {agreed} 届满，经批准并交接完毕后终止",
            f"{SAYS['needs_judgement'].en}: as agreed; from {agreed}, once approved and handed over",
        )
        facts: dict[str, object] = {"last_day": agreed}
        return [_received(pack, None), _waiting("resignation.as_agreed", approval, facts, waits, agreed)]
    if path == "party_rules" or notice is None:
        message = Text(
            f"{SAYS['needs_judgement'].zh}：“两委”专职成员辞职按党内法规和法律法规办理，系统只作登记，不终止任职",
            f"{SAYS['needs_judgement'].en}: members resign by Party rules and law; it is recorded, no office is ended",
        )
        return [_waiting("resignation.by_party_rules", to, {}, message, None)]
    figure = pack.parameter(PROBATION_NOTICE if notice.in_probation else NOTICE, notice.given_on)
    day, number = last_day(pack, notice), figure.integer()
    facts = {"given_on": notice.given_on, "in_probation": notice.in_probation, "notice_days": number}
    ends = Text(
        f"{SAYS['met'].zh}：提前 {number} 日通知，劳动合同于 {day} 届满后解除",
        f"{SAYS['met'].en}: {number} days of notice; the contract ends with {day}",
    )
    made = [_received(pack, notice), Finding(figure.path, figure.article, figure.words, facts, "met", day, ends)]
    if asks_approval(pack):
        made += _beside_statute(pack, figure, notice, day)
    return made


def _received(pack: Pack, notice: Notice | None) -> Finding:
    to = pack.parameter(TO_LEVEL)
    facts: dict[str, object] = {} if notice is None else {"given_on": notice.given_on}
    organisation = pack.parameter(TO_DEPARTMENT)
    if organisation.state == "set":
        facts["to"] = organisation.text()
    written = Text(f"{SAYS['met'].zh}：已书面提出", f"{SAYS['met'].en}: given in writing")
    if not asks_approval(pack):
        written = Text(f"{written.zh}，无需批准", f"{written.en}; no approval is asked")
    return Finding("resignation.in_writing", to.article, to.words, facts, "met", None, written)


def _beside_statute(pack: Pack, statute: Figure, notice: Notice, day: date) -> list[Finding]:
    """The regulation's condition that the statute sets aside, and the forwarding to the employer the same day."""
    approval, level = pack.parameter(APPROVAL), pack.parameter(FORWARD_LEVEL)
    message = Text(
        f"{SAYS['relaxed'].zh}：条文要求批准和交接；劳动合同依法于 {day} 届满解除，不以批准、交接为条件，交接仍是义务",
        f"{SAYS['relaxed'].en}: the text asks approval and hand-over; by statute the contract ends with {day} "
        "without them, and the hand-over stays a duty",
    )
    facts = {"statute": statute.article, "statute_words": statute.words}
    made = [Finding(APPROVAL, approval.article, approval.words, facts, "relaxed", day, message)]
    if level.state == "set":
        sent = Text(
            f"{SAYS['met'].zh}：当日（{notice.given_on}）转送用人单位",
            f"{SAYS['met'].en}: forwarded to the employer the same day ({notice.given_on})",
        )
        facts = {"to_level": level.text(), "forwarded_on": notice.given_on.isoformat()}
        made.append(Finding(FORWARD_LEVEL, statute.article, statute.words, facts, "met", notice.given_on, sent))
    return made


def _waiting(rule: str, figure: Figure, facts: dict[str, object], message: Text, value: date | None) -> Finding:
    return Finding(rule, figure.article, figure.words, facts, "needs_judgement", value, message)
