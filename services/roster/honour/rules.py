"""What a worker may be put forward for, and the conditions that the regulation writes for it. Pure."""

from collections.abc import Mapping
from datetime import date

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.evaluation import Determination
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList

WORKFLOW = "honour"
OTHER = "other"


def group(measure: str) -> str:
    """The pack's group of rules, and the list of kinds, of a measure."""
    return f"honour_{measure}"


def listed(pack: Pack, measure: str) -> ItemList:
    """The kinds of the measure; raises `NotRegulated` where the regulation knows no such measure."""
    found = pack.item_list(f"honour.{measure}")
    if found is None:
        raise NotRegulated(Text("本办法没有这一激励措施", "This regulation knows no such measure."))
    return found


def check_kind(kinds: ItemList, kind: str, title: str | None) -> None:
    """Raise `InvalidInput` for a kind that the list has not; what it leaves open needs a title of its own."""
    open_kind = kind == OTHER and kinds.open
    if kind not in kinds.items and not open_kind:
        text = Text("条文没有列举这一项", "The article does not list this one.")
        raise InvalidInput(text, errors=[FieldError("/kind", text, article=kinds.article)], article=kinds.article)
    if open_kind != (title is not None):
        text = Text("条文未列举的才须写明名称", "A title belongs to what the article leaves open alone.")
        raise InvalidInput(text, errors=[FieldError("/title", text, article=kinds.article)], article=kinds.article)


def label(kinds: ItemList, kind: str, title: str | None) -> dict[str, str]:
    """What the kind is called."""
    item = kinds.items.get(kind)
    if item is None:
        return {"zh": title or kind, "en": title or kind}
    return {"zh": item.label.zh, "en": item.label.en}


def findings(
    pack: Pack, measure: str, grade: tuple[bool, bool] | None, given: Mapping[str, Determination], on: date
) -> list[Finding]:
    """One finding for each condition. `grade`: whether the last one is outstanding, whether a failure; None: none."""
    outstanding, failing = grade or (False, False)
    facts = {
        "last_grade_known": grade is not None,
        "last_grade_outstanding": outstanding,
        "last_grade_failing": failing,
    }
    return pack.evaluate_group(group(measure), facts, given, on=on)


def check_open(pack: Pack, measure: str, rule: str) -> str | None:
    """Raise `InvalidInput` for a condition that is not of the measure or not open to a human; its article."""
    known = pack.document.rules.get(rule)
    if known is None or known.group != group(measure) or (known.kind == "hard" and known.doubt is None):
        text = Text("此条不由人工认定", "This condition is not open to a determination.")
        raise InvalidInput(text, errors=[FieldError("/rule", text, rule)])
    return known.article


def check_met(found: list[Finding]) -> None:
    """Raise `RuleRefused` with all findings unless every condition is met."""
    failed = [each for each in found if not each.passes]
    if failed:
        raise RuleRefused(
            Text(
                "条件尚未全部认定：" + "；".join(each.message.zh for each in failed),
                "Not every condition is found: " + "; ".join(each.message.en for each in failed),
            ),
            article=failed[0].article,
            findings=[each.as_json() for each in found],
        )


def check_state(state: str, wanted: str) -> None:
    """Raise `WrongState` out of the order: put forward, submitted, approved, outcome."""
    if state != wanted:
        raise WrongState(
            Text("顺序为：提名、认定、报批、登记结果", "The order is: put forward, determined, approved, outcome.")
        )


def check_day(day: date, first: date, today: date) -> None:
    """Raise `InvalidInput` for an outcome before it was put forward, or to come."""
    if not first <= day <= today:
        text = Text(f"日期应在 {first} 至 {today} 之间", f"The day lies from {first} to {today}.")
        raise InvalidInput(text, errors=[FieldError("/decided_on", text)])
