"""Sizes of tenants, people, workers of a community: what the seed and the figures alone decide."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from deploy.cli.generation.founding import REGULATIONS, plans
from deploy.cli.generation.ground import read
from deploy.cli.generation.lines import Ids, Lines, instant, period
from deploy.cli.generation.people import APPLICANTS, person
from deploy.cli.generation.tenancy import sizes, spread, units_for
from deploy.cli.generation.workers import Setting, chance_of, crew, others, sought
from deploy.cli.territory import DIVISIONS, describe, read_divisions
from kernel.privacy import id_number
from kernel.testing.tree import FIVE_LEVELS, THREE_LEVELS, Place, numbered

DAY = date(2025, 12, 31)


def seeded() -> Random:
    return Random(1)  # noqa: S311 - repeatable, nothing is secret


FOLDERS = sorted(file.parent for file in REGULATIONS.glob(f"*/{DIVISIONS}"))


def test_the_nation_has_its_largest_tenant_and_loses_nobody() -> None:
    made = sizes(1_700_000, 20)
    assert (len(made), sum(made), made[0]) == (20, 1_700_000, 680_000)
    assert made == sorted(made, reverse=True)
    assert sizes(30_000, 1) == [30_000]
    assert sum(sizes(7, 3)) == 7


@pytest.mark.parametrize("place", [0, 1], ids=["the largest", "the largest of the other regulation"])
def test_every_territory_has_room_for_its_share_of_the_nation(place: int) -> None:
    count, folder = plans(1_700_000, 20)[place]
    divisions = read_divisions(folder / DIVISIONS)
    wanted = units_for(count, divisions)
    described = list(describe("trial", divisions, {}, **wanted, officials=0))
    assert sum('"level": "community"' in line for line in described) == wanted["communities"]


def test_people_are_valid_fictional_and_never_twice_the_same() -> None:
    chance = seeded()
    made = [person(chance, place, DAY) for place in (*range(3000), *range(APPLICANTS, APPLICANTS + 1000), 679_999)]
    for one in made:
        parsed = id_number.parse(one.number)
        assert parsed.birth_date == one.born
        assert parsed.region.startswith("99")
        assert 21 < (DAY - one.born).days / 365 < 39
        assert one.number not in repr(one)
        assert one.phone not in repr(one)
    assert len({one.number for one in made}) == len({one.phone for one in made}) == len(made)


def test_ids_are_of_version_seven_and_sort_by_their_day() -> None:
    ids = Ids(seeded())
    made = [ids.at(date(2021 + place, 1, 1)) for place in range(5)]
    assert made == sorted(made)
    assert all((one[12], one[16] in "89ab", len(one)) == ("7", True, 32) for one in made)


def test_lines_are_as_copy_reads_them() -> None:
    lines = Lines({"one": ("a", "b", "c", "d"), "none": ()})
    lines.add("one", "文", None, b"\x01\xff", period(DAY, None))
    assert list(lines) == [("one", ["文\t\\N\t\\\\x01ff\t[2025-12-31,)\n".encode()])]
    assert instant(DAY) == "2025-12-31 09:00+08"


@pytest.mark.parametrize(
    "folder", sorted(file.parent for file in REGULATIONS.glob(f"*/{DIVISIONS}")), ids=lambda at: at.name
)
@pytest.mark.parametrize("places", [FIVE_LEVELS, THREE_LEVELS], ids=["five levels", "three levels"])
def test_a_community_has_its_workers_and_those_sought_were_found(folder: Path, places: Sequence[Place]) -> None:
    ground = read(folder, DAY)
    units = [
        {name: getattr(unit, name) for name in ("id", "unit_no", "level", "code", "title", "parent_id")}
        for unit in numbered(places).values()
    ]
    setting = Setting("0" * 32, "1|1", DAY.year, ground)
    found = spread(units, [], 50)
    assert sum(community.count for community in found) == 50
    assert [community.first for community in found] == sorted({community.first for community in found})
    for community in found:
        chance = chance_of(setting, community)
        workers = list(crew(setting, community, chance))
        assert len(workers) == community.count
        assert [worker.role for worker in workers[: len(ground.elected)]] == list(ground.elected)
        hired = [worker.applied.year for worker in workers if worker.applied]
        assert {year: hired.count(year) for year in set(hired)} == sought(setting, community)
        assert all(one.applied.year in hired for one in others(setting, community, chance))
        assert all(worker.before is None or worker.before > worker.since for worker in workers)


def test_months_in_post_are_completed_ones() -> None:
    ground = read(REGULATIONS / "neimenggu", DAY)
    setting = Setting("0" * 32, "1|1", 2025, ground)
    [community, *_] = spread(
        [{"id": 1, "unit_no": 1, "level": "community", "code": "1", "title": "x", "parent_id": None}], [], 12
    )
    hired = next(worker for worker in crew(setting, community, seeded()) if worker.applied)
    year = hired.since.year
    assert (hired.since.month, hired.since.day) == (5, 6)
    assert hired.months(year, date(year, 12, 1)) == 6
    assert hired.months(year, date(year, 12, 5)) == 7
    assert hired.months(year + 1, date(year + 1, 12, 1)) == 11
    assert hired.months(year - 1, date(year - 1, 12, 31)) == 0
