"""When a worker may take up the post: contract signed, pre-service hours done (NM-12, NM-20; L4). Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

PARTY_LEVEL = "contract.party_level"
GATE_RELATIONS = "training.pre_service_gate_relations"
HOURS = "training.pre_service_hours"
RESULTS_USED_IN = "training.results_used_in"
POST_ADJUSTMENT = "post_adjustment"
RELATION = "labour_contract"


def check_day(starts_on: date, today: date) -> None:
    """Raise `InvalidInput` for a day to come: duty is recorded when it has begun."""
    if starts_on > today:
        message = Text(f"上岗日期不得晚于今天（{today}）", f"The first day on duty cannot be after today ({today}).")
        raise InvalidInput(message, errors=[FieldError("/starts_on", message)])


def contract_finding(pack: Pack, starts_on: date, first_day_in_force: date | None, covered: bool) -> Finding:
    """Whether a contract signed by both sides covers the first day on duty.

    first_day_in_force: of the earliest contract in force; None where none is signed by both.
    """
    figure = pack.parameter(PARTY_LEVEL, starts_on)
    facts = {"starts_on": starts_on, "contract_in_force_from": first_day_in_force, "covered": covered}
    outcome: Literal["met", "not_met"] = "met" if covered else "not_met"
    if first_day_in_force is None:
        why = Text("合同尚未由双方签署", "the contract is not signed by both sides")
    elif covered:
        why = Text("合同已生效", "the contract is in force")
    else:
        why = Text(
            f"上岗日期 {starts_on} 不在已生效合同期内（自 {first_day_in_force} 起）",
            f"{starts_on} lies outside the contract in force (from {first_day_in_force})",
        )
    message = Text(f"{SAYS[outcome].zh}：{why.zh}", f"{SAYS[outcome].en}: {why.en}")
    return Finding("duty.contract_signed", figure.article, figure.words, facts, outcome, None, message)


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of a person's pre-service need; `met_on` is the last day of the class that completed it."""

    required: Decimal
    credited: Decimal
    met_on: date | None


def gate(pack: Pack, starts_on: date, relation: str = RELATION) -> Figure | None:
    """The hours that stand before duty for a worker in that relation; None where there is no such gate."""
    relations = pack.parameter(GATE_RELATIONS, starts_on)
    if relations.state == "not_regulated" or relation not in relations.texts():
        return None
    return pack.parameter(HOURS, starts_on)


def training_finding(figure: Figure, known: Training | None, starts_on: date) -> Finding:
    """Whether the pre-service hours were done by the first day on duty; shows hours credited against required.

    A class that ends on the first day itself still counts: the days are compared, not the hours of the day.
    """
    training = known or Training(Decimal(figure.integer()), Decimal(0), None)
    in_time = training.met_on is not None and training.met_on <= starts_on
    outcome: Literal["met", "not_met"] = "met" if in_time else "not_met"
    facts = {
        "required_hours": str(training.required),
        "credited_hours": str(training.credited),
        "met_on": training.met_on,
        "starts_on": starts_on,
    }
    counted = Text(
        f"已计 {training.credited} 学时，应达 {training.required} 学时",
        f"{training.credited} hours count of {training.required} required",
    )
    late = Text("", "")
    if training.met_on is not None and not in_time:
        late = Text(f"，完成于 {training.met_on}", f", completed on {training.met_on}")
    message = Text(f"{SAYS[outcome].zh}：{counted.zh}{late.zh}", f"{SAYS[outcome].en}: {counted.en}{late.en}")
    value = str(training.required - training.credited) if not in_time else None
    return Finding("duty.pre_service_hours", figure.article, figure.words, facts, outcome, value, message)


def refuse_unless_met(findings: list[Finding]) -> None:
    """Raise `RuleRefused` with the first finding's article and all findings, where one is not met."""
    failed = [finding for finding in findings if not finding.passes]
    if failed:
        raise RuleRefused(
            Text(
                "不能上岗：" + "；".join(finding.message.zh for finding in failed),
                "Not to be put on duty: " + "; ".join(finding.message.en for finding in failed),
            ),
            article=failed[0].article,
            findings=[finding.as_json() for finding in findings],
        )


def check_used(figure: Figure) -> None:
    """Raise `NotRegulated` where training is tied to no adjustment of posts, `RuleRefused` where to others alone."""
    if POST_ADJUSTMENT not in figure.texts():
        message = Text("本办法未将培训与岗位调整挂钩", "Training is not tied to the adjustment of posts here.")
        raise RuleRefused(message, article=figure.article)


def result_finding(figure: Figure, required: Decimal, credited: Decimal, met_on: date | None) -> Finding:
    """Whether the hours of one need were done, as a fact for the adjustment of posts (SH-27)."""
    outcome: Literal["met", "not_met"] = "met" if met_on is not None else "not_met"
    facts = {"required_hours": str(required), "credited_hours": str(credited), "met_on": met_on}
    message = Text(
        f"{SAYS[outcome].zh}：已计 {credited} 学时，应达 {required} 学时，作为岗位调整的依据",
        f"{SAYS[outcome].en}: {credited} of {required} class hours, a fact for the adjustment of posts",
    )
    return Finding(RESULTS_USED_IN, figure.article, figure.words, facts, outcome, None, message)
