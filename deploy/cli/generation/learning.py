"""Histories in training: programmes and classes of the years, who owed how many hours, and what was credited."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from deploy.cli.generation.ground import json
from deploy.cli.generation.lines import Ids, Lines, instant
from deploy.cli.generation.workers import Community, Setting, Unit, Worker

COLUMNS = {
    "training_post": ("id", "person_id", "unit_no", "community_unit_id", "role", "valid_from", "valid_before"),
    "training_programme": (
        "id", "unit_no", "organiser_unit_id", "organiser_level", "department_kind", "title", "year", "roles", "version",
    ),
    "training_session": (
        "id", "unit_no", "organiser_unit_id", "title", "form", "starts_at", "ends_at", "class_hours", "programme_id",
        "round", "version",
    ),
    "training_need": (
        "id", "unit_no", "person_id", "kind", "cycle", "required_hours", "credited_hours", "forms", "article",
        "opened_on", "met_on", "application_id", "role", "part_year", "apart", "since", "pack_id", "pack_version",
        "version",
    ),
    "training_hours": (
        "id", "unit_no", "person_id", "session_id", "form", "round", "hours", "ended_on", "entered_at",
    ),
}  # fmt: skip
_HALVES = ((5, 18), (10, 20))
"""Month and day on which the two classes of a year end; each gives half of the hours."""
_BEFORE_POST = (4, 28)


@dataclass(frozen=True, slots=True)
class Need:
    """Hours owed, as the other services are told of it."""

    id: str
    kind: str
    cycle: str
    required: Decimal
    credited: Decimal
    met_on: date | None


def frame(lines: Lines, setting: Setting, trainer: Unit) -> None:
    """The programmes and classes of one unit that trains."""
    ground = setting.ground
    roles = (*ground.elected, ground.staff)
    for year in setting.years:
        programme = setting.named("programme", trainer.no, year)
        lines.add(
            "training_programme", programme, trainer.no, trainer.id, ground.organiser, "organization",
            f"{year}年社区工作者培训", year, json([role.code for role in roles if role.hours]), 1,
        )  # fmt: skip
        for hours in sorted({role.hours for role in roles if role.hours}):
            for half, day in enumerate(_HALVES):
                _class(lines, setting, trainer, ("class", trainer.no, year, hours, half), date(year, *day), hours / 2)
        if ground.pre_service is not None:
            name = ("before post", trainer.no, year)
            _class(lines, setting, trainer, name, date(year, *_BEFORE_POST), ground.pre_service[0])


def learned(lines: Lines, setting: Setting, community: Community, worker: Worker, chance: Random) -> list[Need]:
    """The needs of one worker and the hours credited."""
    ids, ground = Ids(chance), setting.ground
    unit, trainer = community.unit, community.above[ground.organiser]
    lines.add(
        "training_post", ids.at(worker.since), worker.person, unit.no, unit.id, worker.role.code, worker.since,
        worker.before,
    )  # fmt: skip
    made: list[Need] = []
    if worker.applied is not None and ground.pre_service is not None:
        hours, forms, article = ground.pre_service
        day = date(worker.applied.year, *_BEFORE_POST)
        need = Need(ids.at(day), "pre_service", "", hours, hours, day)
        made.append(need)
        _owe(lines, setting, community, worker, need, forms, article, date(worker.applied.year, 4, 20), ())
        session = setting.named("before post", trainer.no, worker.applied.year)
        _credit(lines, community, worker, session, hours, day, ids)
    if worker.role.hours is None:
        return made
    for year in range(worker.since.year, (worker.before.year if worker.before else setting.last_year) + 1):
        half = worker.role.hours / 2
        attended = [
            (place, date(year, *day))
            for place, day in enumerate(_HALVES)
            if worker.since < date(year, *day)
            and (worker.before is None or date(year, *day) < worker.before)
            and (place == 0 or chance.random() < 0.9)
        ]
        met_on = attended[-1][1] if len(attended) == len(_HALVES) else None
        need = Need(ids.at(date(year, 1, 5)), "yearly", str(year), worker.role.hours, half * len(attended), met_on)
        made.append(need)
        part = worker.since > date(year, 1, 1) or bool(worker.before and worker.before.year == year)
        opened = max(worker.since, date(year, 1, 1))
        _owe(
            lines, setting, community, worker, need, ground.forms, ground.yearly_article, opened,
            (worker.role.code, part, worker.since),
        )  # fmt: skip
        for place, day_ in attended:
            session = setting.named("class", trainer.no, year, worker.role.hours, place)
            _credit(lines, community, worker, session, half, day_, ids)
    return made


def _owe(
    lines: Lines,
    setting: Setting,
    community: Community,
    worker: Worker,
    need: Need,
    forms: str,
    article: str | None,
    opened: date,
    yearly: tuple[str, bool, date] | tuple[()],
) -> None:
    role, part, since = yearly or (None, False, None)
    application = None if yearly or worker.applied is None else worker.applied.id
    lines.add(
        "training_need", need.id, community.unit.no, worker.person, need.kind, need.cycle, need.required, need.credited,
        forms, article, opened, need.met_on, application, role, part, bool(yearly), since,
        *setting.ground.pack, 3,
    )  # fmt: skip


def _class(lines: Lines, setting: Setting, trainer: Unit, name: tuple[object, ...], ends: date, hours: Decimal) -> None:
    lines.add(
        "training_session", setting.named(*name), trainer.no, trainer.id, "社区工作者培训", "off_job",
        instant(ends.replace(day=ends.day - 4)), instant(ends, 18), hours,
        setting.named("programme", trainer.no, ends.year), True, 1,
    )  # fmt: skip


def _credit(
    lines: Lines, community: Community, worker: Worker, session: str, hours: Decimal, day: date, ids: Ids
) -> None:
    lines.add(
        "training_hours", ids.at(day), community.unit.no, worker.person, session, "off_job", True, hours, day,
        instant(day, 19),
    )  # fmt: skip
