"""The matrix of permissions names every fault, and the kept page is the present one (T5)."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.failures import Refusal
from deploy.cli.main import app
from deploy.cli.matrix import Matrix, Seat, faults, held_by, matrix_of, spoken
from deploy.cli.operations import Operation, every_operation
from deploy.cli.permissions import matrices_of, read_unheld
from deploy.cli.regulation import REGULATIONS
from gateway.directory.rules import ADMINISTRATORS
from kernel.access.permission import Audience, Permission, declared
from kernel.config import SERVICES
from kernel.errors import Text
from kernel.regulation.loading import load
from tests.unit.kernel.regulation.factory import BASE, write_pack

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"
OFFICE = Seat("office", "township", "handler")


@pytest.fixture(scope="module")
def matrices() -> list[Matrix]:
    """Read once: the regulations are long."""
    return matrices_of()


@pytest.fixture
def kept(matrices: list[Matrix], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.cli.permissions.matrices_of", lambda: matrices)


def operation(permission: str, service: str = "roster", method: str = "GET") -> Operation:
    return Operation(service, method, f"/api/v1/{service}/things", "things", permission)


def permission(name: str, audience: Audience = "official") -> Permission:
    return Permission(name, Text("看", "see"), audience)


def matrix(seats: Mapping[str, Sequence[Seat]], strange: Sequence[str] = ()) -> Matrix:
    kinds = {seat.department for several in seats.values() for seat in several}
    departments = {kind: Text(f"{kind}部", kind) for kind in sorted(kinds)}
    return Matrix(
        "here",
        Text("本地", "here"),
        departments,
        {"township": Text("街道（苏木）", "street")},
        {name: frozenset(several) for name, several in seats.items()},
        strange,
    )


def told(
    operations: Sequence[Operation],
    permissions: Sequence[Permission],
    grants: Mapping[str, Sequence[Seat]],
    unheld: Mapping[str, Text] | None = None,
) -> list[str]:
    by_name = {each.name: each for each in permissions}
    return list(faults(operations, by_name, [matrix(grants)], {"here": unheld} if unheld else {}))


def test_what_is_in_order_has_no_fault() -> None:
    assert told([operation("a.b.c")], [permission("a.b.c")], {"a.b.c": [OFFICE]}) == []


def test_an_operation_without_a_permission_is_named() -> None:
    found = told([operation("a.b.c"), operation("", method="POST")], [permission("a.b.c")], {"a.b.c": [OFFICE]})
    assert found == ["POST /api/v1/roster/things: an operation without a permission"]


def test_a_permission_without_an_operation_is_named() -> None:
    both = [permission("a.b.c"), permission("a.b.idle", "person")]
    assert told([operation("a.b.c")], both, {"a.b.c": [OFFICE]}) == ["a.b.idle: a permission without any operation"]


@pytest.mark.parametrize("grants", [{}, {"a.b.c": []}])
def test_a_permission_that_nobody_holds_needs_a_reason(grants: Mapping[str, Sequence[Seat]]) -> None:
    asked = ([operation("a.b.c")], [permission("a.b.c")])
    assert told(*asked, grants) == ["a.b.c: nobody holds it under here, and no reason is given"]
    assert told(*asked, grants, {"a.b.c": Text("无", "none")}) == []


def test_a_reason_for_what_is_held_or_unknown_is_a_fault() -> None:
    asked = ([operation("a.b.c")], [permission("a.b.c")], {"a.b.c": [OFFICE]})
    assert told(*asked, {"a.b.c": Text("无", "none")}) == [
        "a.b.c: is held under here, though a reason is given why not"
    ]
    gone = told(*asked, {"a.b.gone": Text("无", "none")})
    assert gone == ["a.b.gone: here speaks of a permission that nothing declares"]
    elsewhere = list(faults(*asked[:1], {"a.b.c": permission("a.b.c")}, [matrix(asked[2])], {"there": {}}))
    assert elsewhere == ["unheld: there is no regulation there"]


def test_a_grant_of_what_is_not_declared_or_not_for_posts_is_a_fault() -> None:
    asked = [operation("a.b.c")]
    unknown = told(asked, [permission("a.b.c")], {"a.b.c": [OFFICE], "a.b.gone": [OFFICE]})
    assert unknown == ["a.b.gone: here speaks of a permission that nothing declares"]
    anyway = told(asked, [permission("a.b.c", "signed-in")], {"a.b.c": [OFFICE]})
    assert anyway == ["a.b.c: here grants to posts what its audience (signed-in) holds anyway"]


@pytest.mark.parametrize(
    ("service", "method", "kinds", "fault"),
    [
        ("directory", "GET", ("audit_admin", "office"), None),
        ("directory", "POST", ("audit_admin",), None),
        ("directory", "POST", ("audit_admin", "office"), "grants a change to audit_admin and to others"),
        ("directory", "POST", ("security_admin", "system_admin"), "grants a change to security_admin and to others"),
        ("roster", "GET", ("system_admin",), "lets system_admin into a service"),
    ],
)
def test_the_administrators_are_kept_apart(
    service: str, method: str, kinds: tuple[str, ...], fault: str | None
) -> None:
    seats = [Seat(kind, "township", "handler") for kind in kinds]
    found = told([operation("a.b.c", service, method)], [permission("a.b.c")], {"a.b.c": seats})
    assert found == ([f"a.b.c: here {fault}"] if fault else [])


def test_a_grant_beyond_the_regulation_is_named_and_one_from_above_is_cut() -> None:
    packs = {folder.name: load(folder) for folder in (REGULATIONS / "national", REGULATIONS / "shuanghe")}
    pack, above = packs["shuanghe"], packs["national"]
    county = [grant.model_copy(update={"levels": ["county"]}) for grant in pack.grants("roster.dossier.read")]
    pack.document.permissions["roster.dossier.read"] = county
    made = matrix_of(pack, above)
    assert made.strange[0] == "roster.dossier.read: shuanghe has no organization at county"
    assert {each.split(":")[0] for each in made.strange} == {"roster.dossier.read"}
    # The national layer's administrators of counties: there are no counties, so there are none.
    assert {seat.level for seat in made.seats["directory.post.write"]} == {"league", "township"}
    assert list(faults([], {}, [made], {}))[: len(made.strange)] == list(made.strange)


def test_a_regulation_that_grants_to_whom_it_does_not_know_is_refused_by_name(tmp_path: Path) -> None:
    grants = "permissions:\n  a.b.c: [{departments: [nobody], levels: [county], duties: [handler]}]\n"
    write_pack(tmp_path, "trial", BASE + grants)
    with pytest.raises(Refusal, match="department 'nobody' does not stand at: county"):
        matrices_of(tmp_path)


def test_a_cell_tells_levels_and_duties() -> None:
    seats = [OFFICE, Seat("office", "township", "viewer"), Seat("audit", "township", "approver")]
    assert list(spoken(matrix({"a.b.c": seats}), "a.b.c")) == [("audit", "街道 审"), ("office", "街道 经阅")]


def test_every_operation_has_a_permission_and_every_permission_an_operation_and_a_holder(
    matrices: list[Matrix],
) -> None:
    operations = every_operation()
    assert len({(each.method, each.path) for each in operations}) == len(operations)
    assert list(faults(operations, declared(), matrices, read_unheld())) == []


def test_no_administrator_holds_anything_in_a_service(matrices: list[Matrix]) -> None:
    for made in matrices:
        rights = {kind: held_by(made, kind) for kind in ADMINISTRATORS}
        assert all(rights.values())
        assert not [name for held in rights.values() for name in held if name.split(".")[0] in SERVICES]


@pytest.mark.usefixtures("kept")
def test_the_page_is_the_present_one(tmp_path: Path) -> None:
    present = CliRunner().invoke(app, ["permissions", "--check", str(PAGE)])
    assert (present.exit_code, present.stderr) == (0, "")
    old = tmp_path / "permissions.md"
    old.write_text(PAGE.read_text() + "\n")
    stale = CliRunner().invoke(app, ["permissions", "--check", str(old)])
    assert stale.exit_code == 1
    assert "is not the present page" in stale.stderr


@pytest.mark.usefixtures("kept")
def test_the_table_is_read_by_programs_for_one_regulation() -> None:
    done = CliRunner().invoke(app, ["permissions", "--regulation", "shuanghe", "--json"])
    assert done.exit_code == 0
    content = json.loads(done.stdout)
    assert list(content["regulations"]) == ["shuanghe"]
    assert {"department": "audit_admin", "level": "league", "duty": "viewer"} in content["regulations"]["shuanghe"][
        "audit.entry.read"
    ]
    assert {"method", "path", "service", "permission"} == content["operations"][0].keys()


@pytest.mark.usefixtures("kept")
def test_a_fault_ends_with_a_status_that_is_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.cli.permissions.read_unheld", dict)
    done = CliRunner().invoke(app, ["permissions", "--regulation", "neimenggu"])
    assert done.exit_code == 1
    assert "roster.size.write: nobody holds it under neimenggu, and no reason is given" in done.stderr
    assert "roster.dossier.read" in done.stdout
