"""Histories in assessment: methods, the years' cycles, everybody's scores and grades, probations, posts told of."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.cli.generation.ground import Grade, json
from deploy.cli.generation.learning import Need
from deploy.cli.generation.lines import Ids, Lines, instant
from deploy.cli.generation.workers import Community, Setting, Unit, Worker
from services.assessment.method import WHOLE

COLUMNS = {
    "assessment_scheme": (
        "id", "unit_no", "unit_id", "title", "valid_from", "terms", "state", "pack_id", "pack_version", "version",
    ),
    "assessment_cycle": (
        "id", "unit_no", "unit_id", "year", "reference_on", "scheme_id", "method", "stage", "state", "pack_id",
        "pack_version", "opened_at", "opened_by_post", "confirmed_on", "confirmed_by_post", "confirmed_by_user",
        "sealed_on", "version",
    ),
    "assessment_round": ("id", "cycle_id", "unit_no", "community_unit_id", "stage", "state", "method"),
    "assessment_result": (
        "id", "cycle_id", "round_id", "unit_no", "community_unit_id", "year", "person_id", "dossier_id", "category",
        "role", "post_title", "state", "reason", "months", "explained", "composite", "parts", "grade", "failing",
        "outstanding", "run", "version",
    ),
    "assessment_score": (
        "result_id", "component", "unit_no", "points", "user_id", "post_id", "scorers", "scored_at",
    ),
    "assessment_post": (
        "id", "dossier_id", "person_id", "unit_no", "community_unit_id", "category", "role", "post_title", "source",
        "valid_from", "valid_before",
    ),
    "assessment_probation": (
        "id", "dossier_id", "person_id", "unit_no", "last_day", "due_on", "state", "reason", "evidence", "decided_on",
        "decided_at", "version",
    ),
    "assessment_learning_need": (
        "id", "unit_no", "person_id", "kind", "cycle", "required_hours", "credited_hours", "met_on",
    ),
}  # fmt: skip
LEAST_MONTHS = 6
_STAGE = "confirm"
_REFERENCE, _CONFIRMED, _SEALED = (12, 1), (12, 8), (12, 15)


@dataclass(frozen=True, slots=True)
class Graded:
    """A worker's grade of one year, as roster is told of it."""

    year: int
    grade: Grade
    confirmed_on: date


def frame(lines: Lines, setting: Setting, assessor: Unit) -> None:
    """The method and the cycles of one unit that assesses."""
    ground = setting.ground
    user, post = assessor.official or (None, None)
    scheme = setting.named("scheme", assessor.no)
    lines.add(
        "assessment_scheme", scheme, assessor.no, assessor.id, f"{assessor.title}社区工作者年度考核办法",
        date(setting.years[0], 1, 1), ground.terms, "approved", *ground.pack, 2,
    )  # fmt: skip
    for year in setting.years:
        lines.add(
            "assessment_cycle", setting.named("cycle", assessor.no, year), assessor.no, assessor.id, year,
            date(year, *_REFERENCE), scheme, ground.method, _STAGE, "sealed", *ground.pack,
            instant(date(year, *_REFERENCE)), post, date(year, *_CONFIRMED), post, user, date(year, *_SEALED), 7,
        )  # fmt: skip


def rounds(lines: Lines, setting: Setting, community: Community) -> None:
    """The years' cycles in one community."""
    unit, assessor = community.unit, community.above[setting.ground.assessor]
    for year in setting.years:
        lines.add(
            "assessment_round", setting.named("round", unit.no, year), setting.named("cycle", assessor.no, year),
            unit.no, unit.id, _STAGE, "sealed", setting.ground.method,
        )  # fmt: skip


def graded(lines: Lines, setting: Setting, community: Community, worker: Worker, chance: Random) -> list[Graded]:
    """The results of one worker, year by year, and the scores of the last."""
    unit, assessor = community.unit, community.above[setting.ground.assessor]
    user, post = assessor.official or (setting.named("scorer"), setting.named("scorer post"))
    ids, made = Ids(chance), list[Graded]()
    for year in setting.years:
        reference = date(year, *_REFERENCE)
        months = worker.months(year, reference)
        if worker.since > reference or (worker.before and worker.before <= reference):
            continue
        result = ids.at(reference)
        taking_part = months >= LEAST_MONTHS
        common = (
            result, setting.named("cycle", assessor.no, year), setting.named("round", unit.no, year), unit.no, unit.id,
            year, worker.person, worker.dossier, worker.role.category, worker.role.code, worker.role.title,
        )  # fmt: skip
        zh = f"本年度在岗满 {months} 个月，须满 {LEAST_MONTHS} 个月"
        said = json({"zh": zh, "en": f"{months} completed months in post in the year; {LEAST_MONTHS} are asked for."})
        if not taking_part:
            lines.add("assessment_result", *common, "out", "too_short", months, said, *[None] * 6, 1)
            continue
        scores, composite, grade = _scored(setting, worker, year, made, chance)
        made.append(Graded(year, grade, date(year, *_SEALED)))
        parts = json({code: f"{points}.00" for code, points in scores.items()})
        lines.add(
            "assessment_result", *common, "sealed", "in_post", months, said, composite, parts, grade.code,
            grade.failing, grade.outstanding, 1 if grade.failing else None, 3,
        )  # fmt: skip
        if year == setting.last_year:
            for code, points in scores.items():
                lines.add(
                    "assessment_score", result, code, unit.no, points, user, post, json([user]),
                    instant(date(year, 12, 5)),
                )  # fmt: skip
    return made


def told(
    lines: Lines, setting: Setting, community: Community, worker: Worker, needs: list[Need], chance: Random
) -> None:
    """The post and the needs of one worker as the other services tell of them."""
    ids, unit = Ids(chance), community.unit
    lines.add(
        "assessment_post", ids.at(worker.since), worker.dossier, worker.person, unit.no, unit.id, worker.role.category,
        worker.role.code, worker.role.title, "post", worker.since, worker.before,
    )  # fmt: skip
    for need in needs:
        lines.add(
            "assessment_learning_need", need.id, unit.no, worker.person, need.kind, need.cycle, need.required,
            need.credited, need.met_on,
        )  # fmt: skip


def probation(
    lines: Lines, setting: Setting, community: Community, worker: Worker, contract: str, before: date
) -> None:
    """The probation of a first contract; decided in time where its last day has come."""
    last = before - timedelta(days=1)
    decided = last <= setting.until
    outcome = (
        ("passed", "能够胜任岗位工作", "试用期考核表", last, instant(last)) if decided else ("waiting", *[None] * 4)
    )
    lines.add(
        "assessment_probation", contract, worker.dossier, worker.person, community.unit.no, last,
        last - timedelta(days=30), *outcome, 3 if decided else 1,
    )  # fmt: skip


def _scored(
    setting: Setting, worker: Worker, year: int, before: list[Graded], chance: Random
) -> tuple[dict[str, int], Decimal, Grade]:
    ground = setting.ground
    # One in six is outstanding, below every cap; nobody fails two years running, which would open an exit.
    if (worker.lot + year) % 6 == 0:
        low, high = 91, 99
    elif chance.random() < 0.01 and not (before and before[-1].grade.failing):
        low, high = 40, 58
    else:
        low, high = 62, 89
    scores = {code: chance.randrange(low, high + 1) for code, _ in ground.components}
    exact = Decimal(sum(scores[code] * weight for code, weight in ground.components)) / WHOLE
    composite = round(exact, ground.places)
    return scores, composite, next(grade for grade in ground.grades if composite >= grade.least)
