"""Who works in a community and since when: everything that the histories in the four services are written from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from random import Random

from deploy.cli.generation.ground import Ground, Role
from deploy.cli.generation.lines import Ids
from deploy.cli.generation.people import APPLICANTS, Person, person

YEARS = 5
"""Years of history, up to the last whole one."""
DECIDED, BEGUN = (4, 20), (5, 6)
"""Month and day on which a year's hires are decided, and on which those hired take up their posts."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the read models have it; `official` is (user, post) of somebody who acts there."""

    id: str
    no: int
    title: str
    official: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Community:
    """A community with the units above it by level (itself among them), and how many work there from which place on."""

    code: str
    unit: Unit
    above: Mapping[str, Unit]
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What all histories of one tenant share."""

    tenant: str
    name: str
    """Number of the tenant among those generated and the seed: what every choice and id in it follows from."""
    last_year: int
    ground: Ground

    @property
    def years(self) -> range:
        """The years of history."""
        return range(self.last_year - YEARS + 1, self.last_year + 1)

    @property
    def until(self) -> date:
        """The day on which histories end."""
        return date(self.last_year, 12, 31)

    def named(self, *name: object) -> str:
        """The id of a thing that several histories refer to."""
        digest = blake2b("|".join(map(str, (self.name, *name))).encode(), digest_size=16).hexdigest()
        return f"{digest[:12]}7{digest[13:16]}8{digest[17:]}"


@dataclass(frozen=True, slots=True)
class Applied:
    """An application to the recruitment of a year."""

    id: str
    year: int


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker. `before` is the first day on which the worker was none any more; `applied` is None for who was there
    before the recruitments."""

    person: str
    dossier: str
    human: Person
    role: Role
    elected: bool
    since: date
    before: date | None
    applied: Applied | None
    lot: int
    """A number of the worker's own within the community, by which chances are spread evenly."""

    def months(self, year: int, until: date) -> int:
        """Completed months in post in the year."""
        first = max(self.since, date(year, 1, 1))
        last = min(self.before or date(year + 1, 1, 1), date(year + 1, 1, 1), until + timedelta(1))
        if last <= first:
            return 0
        return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applied and was not hired."""

    person: str
    human: Person
    applied: Applied


def chance_of(setting: Setting, community: Community) -> Random:
    """The source of all chance in a community."""
    return Random(f"{setting.name}|{community.code}")  # noqa: S311 - repeatable by the seed, and nothing secret


def crew(setting: Setting, community: Community, chance: Random) -> Iterator[Worker]:
    """The workers of the community: who stands in an elected post first, then the staff."""
    ids, years = Ids(chance), setting.years
    elected = setting.ground.elected
    for lot in range(community.count):
        holds = lot < len(elected)
        year = years[lot % len(years)]
        applied = Applied(ids.at(date(year, 3, 5)), year) if _recruited(setting, lot) else None
        since = date(year, *BEGUN) if applied else date(year, 1 + lot % 6, 1 + lot % 20)
        enrolled = date(year, *DECIDED) if applied else since
        left = not holds and lot % 11 == 8 and year < setting.last_year
        yield Worker(
            person=ids.at(enrolled),
            dossier=ids.at(enrolled),
            human=person(chance, community.first + lot, since),
            role=elected[lot] if holds else setting.ground.staff,
            elected=holds,
            since=since,
            before=date(setting.last_year, 9, 1 + lot % 28) if left else None,
            applied=applied,
            lot=lot,
        )


def others(setting: Setting, community: Community, chance: Random) -> Iterator[Applicant]:
    """Who applied in the community and was not hired: one for three workers."""
    ids = Ids(chance)
    for lot in range(community.count // 3):
        year = setting.years[lot % YEARS]
        if not any(place % YEARS == lot % YEARS and _recruited(setting, place) for place in range(community.count)):
            continue  # nobody was sought that year
        on, place = date(year, 3, 6), APPLICANTS + community.first + lot
        yield Applicant(ids.at(on), person(chance, place, on), Applied(ids.at(on), year))


def sought(setting: Setting, community: Community) -> Mapping[int, int]:
    """How many were recruited for the community in each year in which any were."""
    found: dict[int, int] = {}
    for place in range(community.count):
        if _recruited(setting, place):
            year = setting.years[place % YEARS]
            found[year] = found.get(year, 0) + 1
    return found


def _recruited(setting: Setting, lot: int) -> bool:
    return lot >= len(setting.ground.elected) and lot % 3 != 0
