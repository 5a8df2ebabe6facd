"""A made-up tenant of real size fits its regulation; the real part of it is the list of divisions (GB/T 2260)."""

from collections import Counter
from pathlib import Path

import pytest

from deploy.cli.failures import Refusal
from deploy.cli.territory import describe, read_divisions
from kernel.regulation.demonstration import Demonstration, check_demonstration
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack

FOLDER = Path(__file__).parents[3] / "regulations" / "neimenggu"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(FOLDER)


def described(pack: Pack, tmp_path: Path, townships: int = 110, communities: int = 250, officials: int = 40) -> Path:
    levels = {kind: list(one.levels) for kind, one in pack.document.departments.items()}
    file = tmp_path / "tenant.yaml"
    lines = describe(
        "trial",
        read_divisions(FOLDER / "divisions.yaml"),
        levels,
        townships=townships,
        communities=communities,
        officials=officials,
    )
    file.write_text("\n".join(lines))
    return file


def test_the_divisions_are_those_of_the_standard() -> None:
    units = read_divisions(FOLDER / "divisions.yaml")
    assert Counter(unit["level"] for unit in units) == {"region": 1, "league": 12, "county": 103}
    assert len({unit["code"] for unit in units}) == len(units)
    counties = Counter(unit["parent"] for unit in units if unit["level"] == "county")
    assert counties == {
        "150100": 9,
        "150200": 9,
        "150300": 3,
        "150400": 12,
        "150500": 8,
        "150600": 9,
        "150700": 14,
        "150800": 7,
        "150900": 11,
        "152200": 6,
        "152500": 12,
        "152900": 3,
    }
    for unit in units[1:]:
        stem = unit["parent"].rstrip("0") if unit["level"] == "league" else unit["parent"][:4]
        assert unit["code"].startswith(stem)


def test_the_demonstration_calls_its_units_as_the_divisions_do() -> None:
    named = {unit["code"]: unit["name"] for unit in read_divisions(FOLDER / "divisions.yaml")}
    shown = [unit for unit in Demonstration.read(FOLDER / "demonstration.yaml").units if unit.code in named]
    assert len(shown) > 5
    assert all(unit.name == named[unit.code] for unit in shown)


def test_what_is_described_fits_the_regulation(pack: Pack, tmp_path: Path) -> None:
    plan = check_demonstration(described(pack, tmp_path), pack)
    assert (len(plan.units), len(plan.users)) == (116 + 110 + 250, 40)
    first = [user for user in plan.users if user.first_password]
    assert [user.posts[0].department for user in first] == ["system_admin", "security_admin", "audit_admin"]
    held = [(post.unit, post.department, post.duty) for user in plan.users for post in user.posts]
    assert len(set(held)) == len(held)


def test_it_is_the_same_each_time_and_has_room_for_the_region(pack: Pack, tmp_path: Path) -> None:
    assert described(pack, tmp_path).read_text() == described(pack, tmp_path).read_text()
    with pytest.raises(Refusal):
        described(pack, tmp_path, townships=103 * 99 + 1)
