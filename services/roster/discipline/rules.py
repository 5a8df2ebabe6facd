"""What the regulation calls a breach, what must be found of it, and which effect its gravity allows. Pure."""

from collections.abc import Mapping
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure, NotRegulated
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema.rules import Outcome

BREACHES = "discipline.breaches"
EFFECTS = "discipline.effect_rules"
OPEN = ("opened", "reasons_served", "heard")


def rows(pack: Pack) -> Figure:
    """Which parts each breach has; raises `NotRegulated` where the regulation speaks of no discipline."""
    figure = pack.regulated("discipline.breach_rules")
    if figure is None:
        raise NotRegulated(Text("本办法没有处理处分的规定", "This regulation does not speak of discipline."))
    return figure


def parts_of(pack: Pack, breach: str) -> list[str]:
    """What a finding on the breach must find; raises `InvalidInput` for one that the regulation does not have."""
    figure = rows(pack)
    for row in figure.rows():
        if row["breach"] == breach:
            listed = pack.item_list(str(row["parts"])) if "parts" in row else None
            return list(listed.items) if listed is not None else [breach]
    text = Text("本办法没有列举这一情形", "This regulation lists no such breach.")
    error = FieldError("/breach", text, rule=BREACHES, article=figure.article)
    raise InvalidInput(text, errors=[error], article=figure.article)


def check_state(pack: Pack, state: str, *wanted: str) -> None:
    """Raise `WrongState` out of the order: reasons served, answer heard, finding, decision, appeal, review."""
    if state not in wanted:
        text = Text(
            "顺序为：受理、告知理由、听取陈述申辩、认定、决定、申诉、复核",
            "The order is: opened, reasons served, answer heard, finding, decision, appeal, review.",
        )
        raise WrongState(text, article=rows(pack).article)


def check_other(pack: Pack, before: UUID | None, user: UUID | None) -> None:
    """Raise `RuleRefused` where who opened would decide, or who decided would review."""
    if before is not None and before == user:
        text = Text("前一环节的经办人不能办理本环节", "Who acted at the step before does not act at this one.")
        raise RuleRefused(text, article=rows(pack).article)


def check_found(pack: Pack, breach: str, found: bool | None) -> Finding:
    """The finding on which it is decided; raises `RuleRefused` with it unless every part of the breach was found."""
    figure, listed = rows(pack), pack.item_list(BREACHES)
    item = listed.items.get(breach) if listed is not None else None
    zh, en = (item.label.zh, item.label.en) if item is not None else (breach, breach)
    outcome: Outcome = "met" if found else "needs_judgement" if found is None else "not_met"
    message = Text(f"{SAYS[outcome].zh}：{zh}", f"{SAYS[outcome].en}: {en}")
    finding = Finding(
        "discipline.breach", figure.article, figure.words, {"breach": breach, "found": found}, outcome, None, message
    )
    if not finding.passes:
        raise RuleRefused(message, article=figure.article, findings=[finding.as_json()])
    return finding


def check_effect(pack: Pack, severity: str | None, effect: str | None, document: str | None) -> None:
    """Raise `InvalidInput` for a gravity or effect that the pack does not know, `RuleRefused` for one too many."""
    figure = pack.parameter(EFFECTS)
    allowed: Mapping[str, list[str]] = {
        str(row["severity"]): [str(each["effect"]) for each in figure.rows() if each["severity"] == row["severity"]]
        for row in figure.rows()
    }
    text = Text("应写明情节轻重、处理处分和依据文件", "Name the gravity, the effect and the document.")
    known = {each for effects in allowed.values() for each in effects}
    missing = [
        name
        for name, fine in (
            ("severity", severity in allowed),
            ("effect", effect in known),
            ("document", document is not None),
        )
        if not fine
    ]
    if missing:
        raise InvalidInput(text, errors=[FieldError(f"/{name}", text, EFFECTS, figure.article) for name in missing])
    if effect not in allowed[severity or ""]:
        raise RuleRefused(
            Text("该处理处分与情节轻重不相应", "The effect does not answer to the gravity."), article=figure.article
        )


def check_appealed(pack: Pack, appealed: bool) -> None:
    """Raise `WrongState` where nobody appealed."""
    if not appealed:
        text = Text("没有待复核的申诉", "No appeal waits for a review.")
        raise WrongState(text, article=rows(pack).article)
