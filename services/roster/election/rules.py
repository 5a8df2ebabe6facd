"""Who organises a by-election, whether a seat is vacant, and the conditions of office (SH-6, SH-7). Pure.

An election has its own law: a condition that is not met is shown with the result and undoes nothing.
"""

from datetime import date

from kernel.errors import Forbidden, RuleRefused, Text
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack

BY_ELECTION_LEVEL = "committee.by_election_level"
CONDITIONS = "committee.office_conditions"
EDUCATION = "education_code"


def organiser_level(pack: Pack, on: date) -> str:
    """The level that organises a by-election; `NotRegulated` where the regulation knows none."""
    return pack.parameter(BY_ELECTION_LEVEL, on).text()


def check_organiser(pack: Pack, on: date, *, organiser: int | None, acting: int | None) -> None:
    """Raise `Forbidden` unless the acting unit is the one that organises the by-election (numbers of units)."""
    if organiser is None or acting != organiser:
        figure = pack.parameter(BY_ELECTION_LEVEL, on)
        names = {str(code): level.name.text() for code, level in pack.document.levels.items()}
        name = names.get(figure.text(), Text(figure.text(), figure.text()))
        raise Forbidden(
            Text(f"补选由社区所属{name.zh}组织", f"The by-election is organised by the community's {name.en}."),
            article=figure.article,
        )


def check_vacancy(pack: Pack, role: str, on: date, *, left: bool, room: bool) -> None:
    """Raise `RuleRefused` for a by-election without a vacancy: nobody left that post, or no seat of it is free."""
    if left and room:
        return
    known = pack.role(role)
    label = known.label.text() if known else Text(role, role)
    raise RuleRefused(
        Text(f"“{label.zh}”没有空缺，不需补选", f"There is no vacancy to fill: {label.en}."),
        article=pack.parameter(BY_ELECTION_LEVEL, on).article,
    )


def conditions(pack: Pack, education_code: str | None, on: date) -> list[Finding]:
    """What the regulation asks of a member, on what is known of the person; what is not known waits for a human."""
    figure = pack.parameter(CONDITIONS, on)
    if figure.state != "set":
        return []
    known = {EDUCATION: education_code} if education_code is not None else {}
    found = []
    for name in figure.texts():
        rule = pack.document.rules[name]
        if pack.compiled(name).facts <= set(known):
            found.append(pack.evaluate(name, known, on=on))
        else:
            text = rule.message.text()
            message = Text(f"未登记，需要人工认定：{text.zh}", f"Not on record, needs a human: {text.en}")
            found.append(Finding(name, rule.article, rule.words, {}, "needs_judgement", None, message))
    return found
