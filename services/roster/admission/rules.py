"""What may be asked of a community, and with what means (NM-21, NM-22, SH-12, SH-13, SH-23). Pure.

Registers, barred and forbidden matters are the pack's lists, who pays its rules. A barred matter is refused where the
community would answer for it; a list that ends in 等 leaves other matters to a human, and help is not refused for its
subject. A forbidden matter is refused whatever the community's part in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList

WORKFLOW = "admission"
REGISTERS = "admission.registers"
BARRED = "admission.barred_matters"
FORBIDDEN = "admission.forbidden_matters"
MEANS = "admission_means"
OTHER = "other"
RESPONSIBLE = "responsible_body"
IN_FORCE = ("admitted", "adjusted")


def check_register(pack: Pack, register: str) -> ItemList:
    """The registers of this regulation; `InvalidInput` for another, `NotRegulated` where it keeps none."""
    registers = pack.item_list(REGISTERS)
    if registers is None:
        raise not_regulated()
    if register not in registers.items:
        names = "、".join(f"{item.label.zh}（{name}）" for name, item in registers.items.items())
        message = Text(f"没有这一种类；可用：{names}", f"No such register; known: {', '.join(registers.items)}.")
        raise InvalidInput(message, errors=[FieldError("/register_kind", message)])
    return registers


def not_regulated() -> NotRegulated:
    """The answer of a regulation that writes of no admission."""
    return NotRegulated(Text("本办法未规定社区工作事项准入", "Admission of matters is not regulated here."))


@dataclass(frozen=True, slots=True)
class Judged:
    """What the list of barred matters says to an application; `finding` None where the list does not bear on it."""

    finding: Finding | None

    @property
    def waits(self) -> bool:
        """Whether a named official has to determine it first."""
        return self.finding is not None and self.finding.outcome == "needs_judgement"


def judge(pack: Pack, matter: str | None, role: str | None) -> Judged:
    """Judge an application against the lists. Raises `InvalidInput` for an unknown matter, `RuleRefused` with the
    finding for a forbidden one, and where the community would answer for a barred one."""
    barred, forbidden = pack.item_list(BARRED), pack.item_list(FORBIDDEN)
    if matter is None or barred is None:
        return Judged(None)
    if forbidden is not None and matter in forbidden.items:
        refused = _forbidden(forbidden, matter, role)
        raise RuleRefused(refused.message, article=refused.article, findings=[refused.as_json()])
    if matter != OTHER and matter not in barred.items:
        listed = barred.items | (forbidden.items if forbidden is not None else {})
        names = "、".join(f"{item.label.zh}（{name}）" for name, item in listed.items())
        message = Text(
            f"没有这一事项；可用：{names}、其他（{OTHER}）",
            f"No such matter; known: {', '.join([*listed, OTHER])}.",
        )
        raise InvalidInput(message, errors=[FieldError("/matter", message)])
    finding = _finding(barred, matter, role)
    if finding.outcome == "not_met":
        raise RuleRefused(finding.message, article=finding.article, findings=[finding.as_json()])
    return Judged(finding)


def _finding(barred: ItemList, matter: str, role: str | None) -> Finding:
    listed = matter in barred.items
    outcome: Literal["met", "not_met", "needs_judgement"]
    if role != RESPONSIBLE:
        outcome = "met"
        why = Text("请社区协助，不因事项被拒绝", "help is asked, which is not refused for its subject")
    elif listed:
        outcome, label = "not_met", barred.items[matter].label
        why = Text(
            f"不得将社区作为“{label.zh}”的责任主体", f"a community is never the responsible body for: {label.en}"
        )
    elif barred.open:
        outcome = "needs_judgement"
        why = Text(
            "所列事项以“等”结尾，须由人认定是否属于同类",
            "the list ends in 等: a human decides whether this is of its kind",
        )
    else:
        outcome = "met"
        why = Text("不在所列事项之内", "the matter is not on the list")
    says = SAYS[outcome]
    message = Text(f"{says.zh}：{why.zh}", f"{says.en}: {why.en}")
    return Finding(BARRED, barred.article, barred.words, {"matter": matter, "role": role}, outcome, None, message)


def _forbidden(forbidden: ItemList, matter: str, role: str | None) -> Finding:
    label, says = forbidden.items[matter].label, SAYS["not_met"]
    message = Text(f"{says.zh}：不得向社区下达“{label.zh}”", f"{says.en}: never brought to a community: {label.en}")
    facts = {"matter": matter, "role": role}
    return Finding(FORBIDDEN, forbidden.article, forbidden.words, facts, "not_met", None, message)


def check_means(pack: Pack, means: Mapping[str, object] | None, starts_on: date) -> list[Finding]:
    """The findings on who pays, sends and trains; none where the regulation writes no such rule.

    means: `stationing` and the members beside it, `ready_on` None where neither staff nor funds are sent. Raises
    `InvalidInput` where they are asked for and not given, `RuleRefused` where a rule is not met.
    """
    written = pack.rules_of(MEANS)
    if not written:
        return []
    if means is None:
        article = pack.document.rules[written[0]].article
        message = Text(
            "写明人员、经费、工作设施和培训如何落实", "Say who provides staff, funds, facilities and training."
        )
        raise InvalidInput(message, errors=[FieldError("/means", message, article=article)])
    facts = {f"admission_{name}": value for name, value in means.items()}
    facts |= {"admission_ready_on": means.get("ready_on") or starts_on, "admission_starts_on": starts_on}
    findings = pack.evaluate_group(MEANS, facts, on=starts_on)
    unmet = [finding for finding in findings if not finding.passes]
    if unmet:
        says = Text("；".join(each.message.zh for each in unmet), "; ".join(each.message.en for each in unmet))
        raise RuleRefused(says, article=unmet[0].article, findings=[each.as_json() for each in unmet])
    return findings


def determined(pack: Pack, barred: bool, reason: str) -> Finding:
    """The finding that a named official's determination makes."""
    listed = pack.item_list(BARRED)
    outcome: Literal["met", "not_met"] = "not_met" if barred else "met"
    says = SAYS[outcome]
    why = Text("经认定属于不得承担的事项", "determined to be of the barred kind")
    if not barred:
        why = Text("经认定不属于不得承担的事项", "determined not to be of the barred kind")
    return Finding(
        BARRED,
        listed.article if listed else None,
        listed.words if listed else None,
        {"determination": reason},
        outcome,
        None,
        Text(f"{says.zh}：{why.zh}", f"{says.en}: {why.en}"),
    )


def check_waiting(state: str) -> None:
    """Raise `WrongState` unless the application waits for a determination."""
    if state != "needs_determination":
        raise WrongState(Text("该申请无需认定", "This application does not wait for a determination."))


def check_in_force(state: str) -> None:
    """Raise `WrongState` unless it stands in the register."""
    if state not in IN_FORCE:
        raise WrongState(Text("该事项不在准入目录内", "It does not stand in the register."))


def check_end(valid_from: date, valid_before: date) -> None:
    """Raise `InvalidInput` for an end that leaves no day."""
    if valid_before <= valid_from:
        message = Text(f"结束日期应在 {valid_from} 之后", f"It ends after {valid_from}.")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])


def check_not_admitted(pack: Pack, in_force: bool) -> str | None:
    """Raise `RuleRefused` where what is declined was admitted; else the article by which it may be declined."""
    registers = pack.item_list(REGISTERS)
    article = registers.article if registers is not None else None
    if in_force:
        raise RuleRefused(
            Text("该事项已经准入，不能以未准入为由拒绝", "This was admitted; it cannot be declined as not admitted."),
            article=article,
        )
    return article
