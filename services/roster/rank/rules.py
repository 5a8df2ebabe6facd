"""Who may make a ladder, who may be placed and promoted on it, each with its finding (NM-23, NM-28). Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.calendar import completed_years
from kernel.errors import FieldError, Forbidden, InvalidInput, RuleRefused, Text
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack

WORKFLOW = "rank_ladder"
ENDED = frozenset({"rejected", "withdrawn"})
"""States of a ladder in whose place another is loaded."""
LADDER = "rank.ladder"
RANGES = "rank.ranges"
EDUCATION = "rank.education_grades"
EFFECTS = "assessment.grade_effects"
EFFECT_NAMES = "assessment.effects"
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
class Effect:
    """Something that follows from a yearly grade, with the article that says so."""

    code: str
    label: Text
    article: str | None


@dataclass(frozen=True, slots=True)
class LastGrade:
    """The last confirmed yearly grade."""

    year: int
    failing: bool
    outstanding: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The grades that a worker may hold: those of the post, and how many more education gives at the start."""

    first: int
    last: int
    education: int

    def facts(self, grade: int) -> dict[str, object]:
        """As conditions of the pack read it."""
        return {
            "rank_grade": grade,
            "rank_range_from": self.first,
            "rank_range_to": self.last,
            "rank_education_grades": self.education,
        }


def reach(pack: Pack, grades: int, roles: Collection[str], education: str | None, on: date) -> Reach:
    """What a worker with those posts and that education may reach; the whole ladder where the regulation has no ranges.

    Raises `RuleRefused` for a worker none of whose posts has a range, `ParameterNotSet` where the ranges are owed.
    """
    figure, given = pack.regulated(RANGES, on), pack.regulated(EDUCATION, on)
    rows = given.rows() if given is not None else []
    more = max((int(row["grades"]) for row in rows if row["code"] == education), default=0)
    if figure is None:
        return Reach(1, grades, more)
    held = [(int(row["to"]), int(row["from"])) for row in figure.rows() if row["role"] in roles]
    if not held:
        text = Text("所任职务没有对应的等级范围", "None of the posts held has a range of grades.")
        raise RuleRefused(text, article=figure.article)
    last, first = max(held)
    return Reach(first, last, more)


def own_ladder(pack: Pack, on: date) -> list[dict[str, Any]] | None:
    """The grades of a ladder that the regulation itself writes; None where it leaves the ladder to a level.

    A row {from, to, zh, en, service_years, years_in_grade_below, outstanding} stands for each grade from the one to the
    other.
    """
    figure = pack.parameter(LADDER, on)
    if figure.state != "set":
        return None
    return [
        {
            "grade": grade,
            "label": {"zh": f"{grade}{row['zh']}", "en": f"{row['en']} {grade}"},
            "service_years": int(row["service_years"]),
            "years_in_grade_below": int(row["years_in_grade_below"]),
            "outstanding": row["outstanding"] is True,
        }
        for row in figure.rows()
        for grade in range(int(row["from"]), int(row["to"]) + 1)
    ]


def effects(pack: Pack, grade: str, on: date) -> list[Effect]:
    """What the regulation lets follow from a yearly grade, beside exit; nothing where it says nothing."""
    figure, listed = pack.regulated(EFFECTS, on), pack.item_list(EFFECT_NAMES)
    if figure is None or figure.state != "set":
        return []
    names = {name: item.label.text() for name, item in listed.items.items()} if listed else {}
    codes = [str(row["effect"]) for row in figure.rows() if row["grade"] == grade]
    return [Effect(code, names.get(code, Text(code, code)), figure.article) for code in codes]


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


def placement(pack: Pack, wanted: Asked, service_years: int, reached: Reach, on: date) -> list[Finding]:
    """Findings on placing a worker on a grade."""
    facts = {
        "service_years": service_years,
        "rank_years_required": wanted.service_years,
        "rank_step_years_required": wanted.years_in_grade_below,
        **reached.facts(wanted.grade),
    }
    return pack.evaluate_group(PLACEMENT, facts, on=on)


def promotion(
    pack: Pack,
    wanted: Asked,
    service_years: int,
    in_grade_since: date,
    last: LastGrade | None,
    reached: Reach,
    on: date,
) -> list[Finding]:
    """Findings on raising a worker to the next grade."""
    facts = {
        **reached.facts(wanted.grade),
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
