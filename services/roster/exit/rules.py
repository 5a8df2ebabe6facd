"""What each ground asks, in which order, and who may end what (NM-36, NM-37, SH-25; LCL-40). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.national.compensation import BINDS as COMPENSATION
from kernel.regulation.pack import Pack
from kernel.regulation.schema.rules import Outcome

GROUNDS = "exit.grounds"
GROUND_RULES = "exit.ground_rules"
BY_LEVEL = "exit.by_level"
NOTICE = "exit.notice_days"
NOTICE_PAY = "exit.notice_pay_months"
OFFICE = "recall_or_removal"
EMPLOYMENT = "labour_contract"
BY_AGREEMENT = "exit.ended_by_agreement"

OPEN = ("opened", "reasons_served", "heard")
NoticeKind = Literal["none", "days", "pay"]


@dataclass(frozen=True, slots=True)
class GroundRule:
    """What the pack says of a ground. `parts`: the list of parts that must all be found; None: the ground itself.

    `ends_by`: the statute's ground on which a contract then ends; None where whoever decides names it.
    """

    ground: str
    opened_by: str
    human_finding: bool
    fitness_path: bool
    parts: str | None
    ends_by: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a case has come, with its newest finding and fitness record."""

    ground: str
    relation: str
    state: str
    claim_open: bool
    opened_by: UUID | None
    found: bool | None
    fitness: Mapping[str, object] | None
    reviewed: bool = False
    """Whether a named official's review made the ground of what the counters left open; it needs a finding then."""


def ground_rule(pack: Pack, ground: str) -> GroundRule:
    """What the pack asks of a ground; raises `InvalidInput` for one it does not have."""
    figure = pack.parameter(GROUND_RULES)
    for row in figure.rows():
        if row["ground"] == ground:
            parts, ends_by = row.get("parts"), row.get("ends_by")
            return GroundRule(
                ground,
                str(row["opened_by"]),
                bool(row["human_finding"]),
                bool(row["fitness_path"]),
                str(parts) if parts is not None else None,
                str(ends_by) if ends_by is not None else None,
            )
    message = Text("不是本办法规定的退出情形", "This regulation has no such ground of exit.")
    error = FieldError("/ground", message, rule=GROUND_RULES, article=figure.article)
    raise InvalidInput(message, errors=[error], article=figure.article)


def knows(pack: Pack, ground: str) -> bool:
    """Whether this regulation makes it a ground of exit at all."""
    figure = pack.parameter(GROUND_RULES)
    return figure.state == "set" and any(row["ground"] == ground for row in figure.rows())


def check_opened_by_township(pack: Pack, ground: str) -> None:
    """Raise `RuleRefused` for a ground that only an assessment's result or counted absence opens."""
    opened_by = ground_rule(pack, ground).opened_by
    if opened_by != "township":
        zh, en = {"attendance": ("考勤计数", "counted absence")}.get(opened_by, ("考核结论", "an assessment"))
        raise RuleRefused(
            Text(f"该情形由{zh}产生，不能自行提出", f"This ground follows from {en}; nobody opens it by hand."),
            article=_figure(pack).article,
        )


def parts_of(pack: Pack, ground: str) -> list[str]:
    """What a finding on the ground must find."""
    path = ground_rule(pack, ground).parts
    listed = pack.item_list(path) if path is not None else None
    return list(listed.items) if listed is not None else [ground]


def statute_ground(pack: Pack, ground: str, stated: str | None) -> str | None:
    """The statute's ground on which the contract ends: the pack's, or the one stated where the pack names none.

    Raises `InvalidInput` for one stated that is not the pack's.
    """
    named = ground_rule(pack, ground).ends_by
    if named is not None and stated not in (None, named):
        message = Text(f"该情形的法定依据为“{named}”", f"On this ground the contract ends by {named!r}.")
        raise InvalidInput(message, errors=[FieldError("/statute_ground", message, rule=GROUND_RULES)])
    return named or stated


def ground_unnamed(pack: Pack, relation: str) -> list[Finding]:
    """That compensation waits for the statute's ground to be named; nothing where the relation knows none."""
    if COMPENSATION not in pack.document.relations[relation].national_rules:
        return []
    figure = pack.parameter(GROUND_RULES)
    message = Text(
        f"{SAYS['needs_judgement'].zh}：须写明依照劳动合同法的哪一情形解除，方可确定是否支付经济补偿",
        f"{SAYS['needs_judgement'].en}: name the statute's ground; whether compensation is due depends on it",
    )
    facts = {"relation": relation, "ground": None}
    return [Finding("compensation.due", figure.article, figure.words, facts, "needs_judgement", None, message)]


def check_state(pack: Pack, state: str, *wanted: str) -> None:
    """Raise `WrongState` (NM-37) unless the case is in one of the states: reasons, answer, decision, in this order."""
    if state not in wanted:
        raise WrongState(
            Text(
                "顺序为：提出情形、送达理由、听取陈述、作出决定",
                "The order is: ground, reasons served, answer heard, decision.",
            ),
            article=_figure(pack).article,
        )


def check_decider(pack: Pack, opened_by: UUID | None, user: UUID | None) -> None:
    """Raise `RuleRefused` where who opened the case would decide on it."""
    if opened_by is not None and opened_by == user:
        raise RuleRefused(
            Text("提出人不能决定同一事项", "Who opened the case does not decide on it."), article=_figure(pack).article
        )


def is_office(pack: Pack, relation: str) -> bool:
    """Whether only electors or the Party organisation end the relation."""
    return pack.document.relations[relation].removal == OFFICE


def office_finding(pack: Pack, relation: str) -> Finding:
    """That an office ends by recall or removal alone; the platform opens it and completes nothing."""
    figure = _figure(pack)
    message = Text(
        f"{SAYS['needs_judgement'].zh}：选任人员由选民或者党组织依程序罢免、免职，系统只启动并登记，不终止任职",
        f"{SAYS['needs_judgement'].en}: electors or the Party organisation remove; it is opened, not completed",
    )
    facts = {"relation": relation}
    return Finding("exit.recall_or_removal", figure.article, figure.words, facts, "needs_judgement", None, message)


def refuse_completion(pack: Pack, relation: str) -> RuleRefused:
    """The refusal (NM-37) to end an office."""
    finding = office_finding(pack, relation)
    return RuleRefused(finding.message, article=finding.article, findings=[finding.as_json()])


def check_decision(
    pack: Pack, standing: Standing, notice: NoticeKind, last_day: date, today: date, *, without_fault: bool = False
) -> list[Finding]:
    """The findings on which a contract is ended; raises `RuleRefused` with all of them where one is not met.

    without_fault: the statute's ground that was named asks for notice, or for pay instead of it (LCL-40).
    """
    employed = pack.document.relations[standing.relation].removal == EMPLOYMENT
    if not employed and standing.relation not in _ended_by_agreement(pack):
        raise RuleRefused(
            Text("该用工关系的退出按约定办理", "This relation ends as agreed."), article=_figure(pack).article
        )
    rule = ground_rule(pack, standing.ground)
    findings = [_ground_finding(pack, rule, standing)]
    if rule.fitness_path:
        findings.append(_fitness_finding(pack, standing.fitness, today))
    if employed and (rule.fitness_path or without_fault):
        findings.append(_notice_finding(pack, notice, last_day, today))
    failed = [each for each in findings if not each.passes]
    if failed:
        raise RuleRefused(
            Text(
                "不能作出退出决定：" + "；".join(each.message.zh for each in failed),
                "Exit cannot be decided: " + "; ".join(each.message.en for each in failed),
            ),
            article=failed[0].article,
            findings=[each.as_json() for each in findings],
        )
    return findings


def check_ground(pack: Pack, standing: Standing) -> Finding:
    """The finding of the ground on which recall or removal is opened; raises `RuleRefused` where it is not found."""
    finding = _ground_finding(pack, ground_rule(pack, standing.ground), standing)
    if not finding.passes:
        message = Text(f"不能启动免职、罢免程序：{finding.message.zh}", f"Removal is not opened: {finding.message.en}")
        raise RuleRefused(message, article=finding.article, findings=[finding.as_json()])
    return finding


def _ended_by_agreement(pack: Pack) -> list[str]:
    figure = pack.parameter(BY_AGREEMENT)
    return figure.texts() if figure.state == "set" else []


def _ground_finding(pack: Pack, rule: GroundRule, standing: Standing) -> Finding:
    figure = pack.parameter(GROUND_RULES)
    listed = pack.item_list(GROUNDS)
    item = listed.items.get(rule.ground) if listed is not None else None
    label = item.label if item is not None else None
    found, asked = standing.found, rule.human_finding or standing.reviewed
    outcome: Outcome = "met" if found or not asked else "not_met" if found is False else "needs_judgement"
    zh, en = (label.zh, label.en) if label is not None else (rule.ground, rule.ground)
    message = Text(f"{SAYS[outcome].zh}：{zh}", f"{SAYS[outcome].en}: {en}")
    facts = {"ground": rule.ground, "human_finding": asked, "found": found}
    return Finding(
        "exit.ground", figure.article, zh if listed is not None else figure.words, facts, outcome, None, message
    )


def _fitness_finding(pack: Pack, fitness: Mapping[str, object] | None, today: date) -> Finding:
    figure = pack.parameter(NOTICE_PAY, today)
    outcome: Outcome = "needs_judgement" if fitness is None else "met" if fitness["still_unfit"] else "not_met"
    message = Text(
        f"{SAYS[outcome].zh}：不能胜任工作，经过培训或者调整工作岗位，仍不能胜任工作",
        f"{SAYS[outcome].en}: unfit, and still unfit after training or transfer",
    )
    facts = dict(fitness) if fitness is not None else {"recorded": False}
    words = "劳动者不能胜任工作，经过培训或者调整工作岗位，仍不能胜任工作的"
    return Finding("exit.fitness_path", figure.article, words, facts, outcome, None, message)


def _notice_finding(pack: Pack, notice: NoticeKind, last_day: date, today: date) -> Finding:
    figure = pack.parameter(NOTICE if notice != "pay" else NOTICE_PAY, today)
    earliest = today if notice == "pay" else today + timedelta(days=pack.parameter(NOTICE, today).integer())
    outcome: Outcome = "met" if notice != "none" and last_day >= earliest else "not_met"
    message = Text(
        f"{SAYS[outcome].zh}：提前通知的最后一日不早于 {earliest}，或者额外支付工资",
        f"{SAYS[outcome].en}: with notice the last day is {earliest} at the earliest; or pay instead of it",
    )
    facts = {"notice": notice, "last_day": last_day, "decided_on": today}
    return Finding(figure.path, figure.article, figure.words, facts, outcome, earliest, message)


def _figure(pack: Pack) -> Figure:
    return pack.parameter(BY_LEVEL)
