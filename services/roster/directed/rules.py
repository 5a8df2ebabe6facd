"""The conditions of directed recruitment as the regulation writes them, on facts of service and assessment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.errors import FieldError, InvalidInput, Text
from kernel.regulation.evaluation import Determination
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack

SECRETARY = "secretary"
Standing = Literal["met", "needs_judgement", "not_met"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a worker on the day."""

    service_years: int
    continuous_years: int
    serving_secretary: bool
    full_secretary_terms: int
    last_grade_outstanding: bool


def group(kind: str) -> str:
    """The pack's group of rules for a kind of directed recruitment."""
    return f"directed_{kind}"


def check_regulated(pack: Pack, kind: str) -> None:
    """Raise `NotRegulated` where the regulation does not know this kind: silence gives nobody a claim."""
    if not pack.rules_of(group(kind)):
        raise NotRegulated(Text("本办法没有这一定向招录", "This regulation knows no such directed recruitment."))


def findings(
    pack: Pack, kind: str, known: Known, determinations: Mapping[str, Determination], on: date
) -> list[Finding]:
    """One finding for each condition, in the order of the text."""
    of_kind = {rule: outcome for rule, outcome in determinations.items() if rule in pack.rules_of(group(kind))}
    facts = {
        "service_years": known.service_years,
        "continuous_years": known.continuous_years,
        "serving_secretary": known.serving_secretary,
        "full_secretary_terms": known.full_secretary_terms,
        "last_grade_outstanding": known.last_grade_outstanding,
    }
    return pack.evaluate_group(group(kind), facts, of_kind, on=on)


def preferences(pack: Pack, kind: str, determinations: Mapping[str, Determination], on: date) -> list[Finding]:
    """One finding for each ground on which those who qualify are preferred; none where the regulation names none."""
    preferring = f"{group(kind)}_preference"
    of_group = {rule: outcome for rule, outcome in determinations.items() if rule in pack.rules_of(preferring)}
    return pack.evaluate_group(preferring, {}, of_group, on=on)


def standing(found: list[Finding]) -> Standing:
    """All conditions together (AND): the weakest one decides."""
    if all(each.passes for each in found):
        return "met"
    return "not_met" if any(each.outcome == "not_met" for each in found) else "needs_judgement"


def check_open(pack: Pack, rule: str) -> str | None:
    """Raise `InvalidInput` for a condition that is none or not open to a human; answers its article."""
    known = pack.document.rules.get(rule)
    if known is None or not known.group.startswith("directed_") or (known.kind == "hard" and known.doubt is None):
        text = Text("此条不由人工认定", "This condition is not open to a determination.")
        raise InvalidInput(text, errors=[FieldError("/rule", text, rule)])
    return known.article
