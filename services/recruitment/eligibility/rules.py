"""From an application to findings and to what follows from them (NM-9, NM-11). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kernel.calendar import AgeConvention, completed_years
from kernel.errors import FieldError, Forbidden, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.evaluation import Determination
from kernel.regulation.expression.types import to_plain
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary

Overall = Literal["qualified", "not_qualified", "awaiting"]


@dataclass(frozen=True, slots=True)
class Material:
    """What a review rests on: the sign-up, the terms of the notice and plan, and what officials established."""

    birth_date: date
    education_code: str
    declarations: Mapping[str, object]
    age_reference_date: date
    relaxed_age_limit: int | None
    relaxed_education_codes: Sequence[str]
    established: Mapping[str, object]
    judged: Mapping[str, Determination]
    category: str = ""
    """The category of the post applied for: a regulation may ask other things of some posts."""


def facts(material: Material, convention: AgeConvention) -> dict[str, object]:
    """Every fact that conditions of the group may read. What officials established stands above what was stated.

    No bound set by the plan is 0 and no codes: then nothing can be relaxed.
    """
    reference = max(material.age_reference_date, material.birth_date)
    computed: dict[str, object] = {
        vocabulary.CATEGORY: material.category,
        "age_years": completed_years(material.birth_date, reference, convention),
        "education_code": material.education_code,
        "relaxed_age_limit": material.relaxed_age_limit or 0,
        "relaxed_education_codes": list(material.relaxed_education_codes),
    }
    before = {name: value for name, (_, value) in vocabulary.DETERMINED.items()}
    return before | dict(material.declarations) | computed | dict(material.established)


def findings(pack: Pack, material: Material) -> list[Finding]:
    """The findings of the review in the order of the text."""
    return pack.evaluate_group(
        vocabulary.GROUP,
        facts(material, pack.age_convention),
        material.judged,
        on=material.age_reference_date,
    )


def overall(found: Sequence[Finding]) -> Overall:
    """not_qualified as soon as one rule is not met, else awaiting while one needs a human, else qualified."""
    outcomes = {each.outcome for each in found}
    if "not_met" in outcomes:
        return "not_qualified"
    return "awaiting" if "needs_judgement" in outcomes else "qualified"


def under(draft: Pack, material: Material) -> tuple[str, str | None]:
    """How a review would stand under a draft, and the article that decides; `missing_facts` where it asks for more.

    What people judged under the version in force and the draft leaves to nobody any more is passed by.
    """
    judged = {
        rule: found
        for rule, found in material.judged.items()
        if (known := draft.document.rules.get(rule)) is not None and (known.kind != "hard" or known.doubt is not None)
    }
    try:
        found = findings(draft, replace(material, judged=judged))
    except InvalidInput:
        return "missing_facts", None
    deciding = refusing(found) or next((each for each in found if each.outcome == "needs_judgement"), None)
    return overall(found), deciding.article if deciding else None


def refusing(found: Sequence[Finding]) -> Finding | None:
    """The first finding that is not met."""
    return next((each for each in found if each.outcome == "not_met"), None)


def within(birth: date, first: date | None, last: date | None) -> bool | None:
    """Whether a birth date lies in the notice's window (both ends included); None where it names none."""
    if first is None and last is None:
        return None
    return (first is None or first <= birth) and (last is None or birth <= last)


def check_conclusion(found: Sequence[Finding], outcome: Literal["qualified", "not_qualified"]) -> None:
    """Raise `RuleRefused`, with the findings, where the outcome does not follow from them.

    Qualified needs every rule to pass; not qualified needs one that is not met: nobody is turned away without one.
    """
    shown = [each.as_json() for each in found]
    if outcome == "not_qualified":
        if refusing(found) is None:
            raise RuleRefused(
                Text("没有任何条款不符合，不能认定为不合格", "No rule is not met: there is no ground to refuse."),
                findings=shown,
            )
        return
    blocking = [each for each in found if not each.passes]
    if blocking:
        unmet = [each for each in blocking if each.outcome == "not_met"]
        named = unmet or blocking
        raise RuleRefused(
            Text(
                "；".join(f"{each.article or ''} {each.message.zh}".strip() for each in named),
                "; ".join(f"{each.article or ''} {each.message.en}".strip() for each in named),
            ),
            article=named[0].article,
            findings=shown,
        )


def check_judgeable(pack: Pack, rule_id: str) -> None:
    """Raise `InvalidInput` unless the rule is of the review and open to a human's judgement."""
    rule = pack.document.rules.get(rule_id)
    if rule is None or rule.group != vocabulary.GROUP:
        raise InvalidInput(errors=[FieldError("/rule", Text("本办法没有此条", "This regulation has no such rule."))])
    if rule.kind == "hard" and rule.doubt is None:
        raise InvalidInput(
            errors=[
                FieldError(
                    "/rule",
                    Text("此条不由人工认定", "This rule is not open to a judgement."),
                    rule=rule_id,
                    article=rule.article,
                )
            ]
        )


def check_fact(pack: Pack, name: str, value: object) -> None:
    """Raise `InvalidInput` unless conditions read the fact, an official may establish it, and the value fits."""
    known = pack.facts_of(vocabulary.GROUP) | pack.facts_of(vocabulary.PRIORITY)
    if name not in known or name in vocabulary.RECKONED:
        raise InvalidInput(
            errors=[FieldError("/fact", Text("此项不由人工认定", "This fact is not established by an official."))]
        )
    plain = to_plain(name, pack.document.facts[name].type(), value)
    if isinstance(plain, Text):
        raise InvalidInput(errors=[FieldError("/value", plain)])


def recommendation(pack: Pack) -> str:
    """The fact that the township records. Raises `NotRegulated` where no condition of this regulation reads it."""
    known = pack.facts_of(vocabulary.GROUP)
    for fact, (office, _) in vocabulary.DETERMINED.items():
        if office == "township" and fact in known:
            return fact
    raise NotRegulated(Text("本办法未规定推荐", "This regulation knows no recommendation."))


def check_recommender(pack: Pack, level: str | None) -> None:
    """Raise `Forbidden` unless the acting post is one of the township that the community lies in (NM-9)."""
    if level != "township":
        raise _of_the_township(pack, recommendation(pack))


def _of_the_township(pack: Pack, fact: str) -> Forbidden:
    name = pack.document.levels["township"].name if "township" in pack.document.levels else Text("", "township")
    return Forbidden(
        Text(f"须由社区所在{name.zh}记录推荐意见", f"Only the {name.en} of the community records its recommendation."),
        article=_relaxation_article(pack, fact),
    )


def check_office(pack: Pack, fact: str, *, is_organiser: bool) -> None:
    """Raise `Forbidden` for a fact that another office determines: the township's recommendation has an operation of
    its own, the relaxation is the organiser's (NM-9)."""
    office, _ = vocabulary.DETERMINED.get(fact, ("reviewer", None))
    if office == "township":
        raise _of_the_township(pack, fact)
    if office == "organiser" and not is_organiser:
        raise Forbidden(
            Text("须由招聘组织单位办理", "Only the unit that organises the recruitment may do this."),
            article=_relaxation_article(pack, fact),
        )


def check_grant(pack: Pack, found: Sequence[Finding], fact: str, value: object) -> None:
    """Raise `RuleRefused` for a relaxation that lifts nothing: grounds or bound are missing (NM-9)."""
    if fact != "relaxation_decision" or value != "granted":
        return
    if not any(each.outcome == "relaxed" for each in found):
        raise RuleRefused(
            Text(
                "不具备放宽条件，或者超出方案设定的限度",
                "The grounds of the article are not complete, or the case lies outside the bound that the plan set.",
            ),
            article=_relaxation_article(pack, fact),
            findings=[each.as_json() for each in found],
        )


def check_under_review(state: str) -> None:
    """Raise `WrongState` unless the review of the application is open."""
    if state != "submitted":
        raise WrongState(Text("该报名不在资格审查中", "The application is not under review."))


def _relaxation_article(pack: Pack, fact: str) -> str | None:
    for relaxation in pack.document.relaxations.values():
        if relaxation.decision == fact or fact in relaxation.condition:
            return relaxation.article
    return None
