"""Composition, grades and the cap; years failed running (NM-28, NM-37(2), SH-21, 23). Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.assessment.method import WHOLE, Component, Grade, Method, Rounding, rounded_ratio

RUNNING = "assessment.failed_years_running"
YEARS = "assessment.failed_years"


def compose(parts: Mapping[str, Decimal], components: Iterable[Component], rounding: Rounding) -> Decimal:
    """The composite: sum of score x weight / 10,000, exact, then rounded once as the method says."""
    with localcontext(prec=60):
        total = sum((parts[component.code] * component.weight for component in components), Decimal(0))
    return rounded_ratio(total, WHOLE, rounding)


def eligible(score: Decimal, grades: Iterable[Grade]) -> list[Grade]:
    """The grades whose bounds hold the score, the best first: from the lower bound on, below the upper one."""
    return [
        grade
        for grade in grades
        if grade.from_score <= score and (grade.before_score is None or score < grade.before_score)
    ]


def places(pool: int, cap: int) -> int:
    """How many of the pool may have the top grade: never rounded up, since the share is a ceiling."""
    return pool * cap // WHOLE


def within_cap(scores: Mapping[UUID, Decimal], free: int) -> set[UUID]:
    """Who of those eligible has the top grade when only so many may.

    The best first; those who tie at the edge all stay outside, so that nobody is cut at random.
    """
    if free >= len(scores):
        return set(scores)
    edge = sorted(scores.values(), reverse=True)[free]
    return {each for each, score in scores.items() if score > edge}


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade that bounds and cap come to, and whether the cap kept the person from the top grade."""

    eligible: list[Grade]
    grade: Grade | None
    capped: bool


def below_least(parts: Mapping[str, Decimal], method: Method) -> bool:
    """Whether a score that has a floor of its own lies below it (SH-21 asks a weight, others a score)."""
    if method.least is None:
        return False
    least, full = method.least, method.terms.full_score
    return any(parts[code] * WHOLE < full * least for code in method.least_components if code in parts)


def grade_all(
    scores: Mapping[UUID, Decimal], method: Method, below: Collection[UUID] = frozenset()
) -> dict[UUID, Graded]:
    """The grade of everybody: the best whose bounds hold the score, the top grade only within its cap.

    The pool is everybody with a score in the cycle. Who the cap leaves out has the next grade that holds the score;
    where no other does, the person stays without one and the method must be mended. `below`: who lies under a floor,
    and so has a failed grade whatever the composite.
    """
    failed = [grade for grade in method.terms.grades if grade.failing]
    held = {each: failed if each in below else eligible(score, method.terms.grades) for each, score in scores.items()}
    top = {each: scores[each] for each, grades in held.items() if grades and grades[0].outstanding}
    free = len(scores) if method.cap is None else places(len(scores), method.cap)
    chosen = within_cap(top, free)
    found = {}
    for each, grades in held.items():
        capped = each in top and each not in chosen
        left = [grade for grade in grades if not (capped and grade.outstanding)]
        found[each] = Graded(grades, left[0] if left else None, capped)
    return found


def check_choice(choice: str, grades: Sequence[Grade], index: int) -> Grade:
    """The grade that is chosen instead; `InvalidInput` where the person's score lies outside its bounds."""
    chosen = next((grade for grade in grades if grade.code == choice), None)
    if chosen is None:
        message = Text("该等次与得分不符", "The score lies outside the bounds of this grade.")
        raise InvalidInput(message, errors=[FieldError(f"/choices/{index}/grade", message)])
    return chosen


def check_known(known: bool, index: int) -> None:
    """Raise `InvalidInput` for a choice on somebody who is not graded in this cycle."""
    if not known:
        message = Text("该人员不在本次定等之列", "This person is not graded in this cycle.")
        raise InvalidInput(message, errors=[FieldError(f"/choices/{index}/result_id", message)])


def check_cap(method: Method, outstanding: int, pool: int) -> None:
    """Raise `RuleRefused` where more would have the top grade than the cap leaves room for."""
    if method.cap is None:
        return
    free = places(pool, method.cap)
    if outstanding > free:
        raise RuleRefused(
            Text(
                f"优秀最多 {free} 人，现为 {outstanding} 人",
                f"At most {free} may have the top grade, not {outstanding}.",
            ),
            article=method.cap_article,
        )


def check_graded(method: Method, without: int) -> None:
    """Raise `RuleRefused` while somebody has no grade: scores are missing, or no bounds hold the score."""
    if without:
        raise RuleRefused(
            Text(f"尚有 {without} 人得分不全或无等次", f"{without} persons lack a score or a grade."),
            article=method.article,
        )


def check_sample(method: Method, short: int) -> None:
    """Raise `RuleRefused` while a community has too few answers: its result cannot be confirmed."""
    if short:
        least = method.terms.survey_minimum
        stage = next((each for each in method.stages if each.kind == "survey"), None)
        raise RuleRefused(
            Text(
                f"有 {short} 个社区居民测评不足 {least} 份，不能确认等次",
                f"{short} communities have fewer than {least} answers; grades cannot be confirmed.",
            ),
            article=stage.article if stage else method.article,
        )


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent years failed up to a year, and the year without a grade that broke an earlier run, if one did."""

    length: int
    broken_by: int | None


def failed_run(years: Mapping[int, bool | None], year: int) -> Run:
    """Count the years failed running up to `year`.

    years: by assessed year whether it was failed; None, or no entry, for a year without a grade, which breaks the run
    and is named where a failed year lies before it.
    """
    length = 0
    while years.get(year - length) is True:
        length += 1
    before = year - length
    broken = years.get(before) is None and any(failed is True for each, failed in years.items() if each < before)
    return Run(length, before if broken else None)


def running(pack: Pack, length: int) -> Finding | None:
    """The pack's finding on so many years failed running; None where the regulation has no such ground."""
    if RUNNING not in pack.document.rules:
        return None
    return pack.evaluate(RUNNING, {"failed_years_running": length})


def first_year(pack: Pack, year: int) -> int:
    """The first of the years that make up the ground, which ends with `year`."""
    return year - pack.parameter(YEARS).integer() + 1
