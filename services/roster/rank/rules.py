"""Who may make a ladder, who may be placed and promoted on it, each with its finding (NM-23, NM-28). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.calendar import completed_years
from kernel.errors import FieldError, Forbidden, InvalidInput, RuleRefused, Text
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack

LADDER = "rank.ladder"
PLACEMENT = "rank_placement"
PROMOTION = "rank_promotion"
SAMPLE = Text("样例等级序列，非正式规定", "A sample ladder that nobody issued.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a grade of the ladder asks."""

    grade: int
    label: Mapping[str, str]
    service_years: int
    years_in_grade_below: int
    outstanding: bool


@dataclass(frozen=True, slots=True)
class LastGrade:
    """The last confirmed yearly grade."""

    year: int
    failing: bool
    outstanding: bool


def check_maker(pack: Pack, on: date, level: str | None) -> None:
    """Raise unless the regulation leaves the ladder to the level that loads it.

    `NotRegulated` where it knows no ranks, `RuleRefused` where it sets one itself, `Forbidden` for another level.
    """
    figure = pack.parameter(LADDER, on)
    if figure.state == "not_regulated":
        figure.rows()
    if figure.state != "deferred":
        text = Text(
            "岗位等级序列已由办法规定，不能另行载入", "The regulation sets the ladder itself; none can be loaded."
        )
        raise RuleRefused(text, article=figure.article)
    if level != figure.parameter.deferred:
        text = Text(
            f"岗位等级序列由 {figure.parameter.deferred} 一级制定",
            f"The ladder is made at level {figure.parameter.deferred}.",
        )
        raise Forbidden(text, article=figure.article)


def check_loaded(pack: Pack, on: date, loaded: bool) -> None:
    """Raise `ParameterNotSet`, naming the level that owes it, where no ladder is loaded for that day."""
    if not loaded:
        pack.parameter(LADDER, on).rows()


def asked(grades: list[dict[str, Any]], grade: int) -> Asked:
    """What a grade asks; `InvalidInput` for one that the ladder does not have."""
    found = [each for each in grades if each["grade"] == grade]
    if not found:
        text = Text(f"等级序列只有 1–{len(grades)} 级", f"The ladder has the grades 1 to {len(grades)}.")
        raise InvalidInput(text, errors=[FieldError("/grade", text)])
    return Asked(
        grade,
        found[0]["label"],
        found[0]["service_years"],
        found[0]["years_in_grade_below"],
        found[0]["outstanding"],
    )


def check_day(valid_from: date, today: date) -> None:
    """Raise `InvalidInput` for a day to come."""
    if valid_from > today:
        text = Text(f"起算日期不得晚于今天（{today}）", f"The first day cannot be after today ({today}).")
        raise InvalidInput(text, errors=[FieldError("/valid_from", text)])


def placement(pack: Pack, wanted: Asked, service_years: int, on: date) -> list[Finding]:
    """Findings on placing a worker on a grade."""
    return pack.evaluate_group(
        PLACEMENT, {"service_years": service_years, "rank_years_required": wanted.service_years}, on=on
    )


def promotion(
    pack: Pack, wanted: Asked, service_years: int, in_grade_since: date, last: LastGrade | None, on: date
) -> list[Finding]:
    """Findings on raising a worker to the next grade."""
    facts = {
        "service_years": service_years,
        "rank_years_required": wanted.service_years,
        "years_in_rank": completed_years(in_grade_since, on) if on >= in_grade_since else 0,
        "rank_step_years_required": wanted.years_in_grade_below,
        "rank_outstanding_required": wanted.outstanding,
        "last_grade_known": last is not None,
        "last_grade_failing": last is not None and last.failing,
        "last_grade_outstanding": last is not None and last.outstanding,
    }
    return pack.evaluate_group(PROMOTION, facts, on=on)


def refuse_unless_met(findings: list[Finding]) -> None:
    """Raise `RuleRefused` with all findings where one is not met."""
    failed = [each for each in findings if not each.passes]
    if failed:
        raise RuleRefused(
            Text(
                "；".join(each.message.zh for each in failed),
                "; ".join(each.message.en for each in failed),
            ),
            article=failed[0].article,
            findings=[each.as_json() for each in findings],
        )


def shown(findings: list[Finding], sample: bool) -> list[dict[str, Any]]:
    """Findings as JSON; those on a sample ladder say so."""
    remark = {"zh": SAMPLE.zh, "en": SAMPLE.en}
    return [each.as_json() | ({"remarks": [*each.as_json()["remarks"], remark]} if sample else {}) for each in findings]
