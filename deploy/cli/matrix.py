"""The matrix permission × (department kind, level, duty) under a regulation, and what is wrong with it (T5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import gateway.regulation.permissions  # noqa: F401 - declares what organs hold by their function
from deploy.cli.operations import Operation
from gateway.directory.rules import ADMINISTRATORS
from kernel.access.permission import Permission
from kernel.config import SERVICES
from kernel.errors import Text
from kernel.org.grants import by_function
from kernel.regulation.pack import Pack
from kernel.regulation.schema.organisation import LEVEL_CODES

DUTIES = {"handler": "经", "approver": "审", "viewer": "阅"}
"""Duties with their sign in the table: 经办, 审批, 查阅."""


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A kind of post: department kind, level, duty."""

    department: str
    level: str
    duty: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who holds each official permission under one regulation; grants from above are cut to the levels it has."""

    id: str
    title: Text
    departments: Mapping[str, Text]
    levels: Mapping[str, Text]
    seats: Mapping[str, frozenset[Seat]]
    strange: Sequence[str] = ()
    """Grants to a department or level that the regulation does not have, in words."""


def matrix_of(pack: Pack, above: Pack | None) -> Matrix:
    """The matrix of a pack. What stands in the layer `above` word for word is its grant, not the pack's own."""
    document = pack.document
    inherited = above.document.permissions if above is not None else {}
    departments = {kind: each.names[-1].name.text() for kind, each in document.departments.items()}
    stands = {kind: frozenset(each.levels) & frozenset(document.levels) for kind, each in document.departments.items()}
    seats: dict[str, frozenset[Seat]] = {}
    strange = []
    for name, grants in document.permissions.items():
        held = set()
        for grant in grants:
            for department in grant.departments:
                there = stands.get(department, frozenset())
                held |= {
                    Seat(department, level, duty) for level in grant.levels if level in there for duty in grant.duties
                }
                missing = [level for level in grant.levels if level not in there]
                if missing and grants != inherited.get(name):
                    strange.append(f"{name}: {pack.id} has no {department} at {', '.join(missing)}")
        seats[name] = frozenset(held)
    for name, by_organ in by_function(pack).items():
        organs = {
            Seat(department, level, duty)
            for grant in by_organ
            for department in grant.departments
            for level in grant.levels
            for duty in grant.duties
        }
        seats[name] = seats.get(name, frozenset()) | organs
    levels: dict[str, Text] = {
        code: document.levels[code].name.text() for code in LEVEL_CODES if code in document.levels
    }
    return Matrix(pack.id, document.pack.title.text(), departments, levels, seats, tuple(strange))


def faults(
    operations: Sequence[Operation],
    permissions: Mapping[str, Permission],
    matrices: Sequence[Matrix],
    unheld: Mapping[str, Mapping[str, Text]],
) -> Iterator[str]:
    """Everything by which the table would lie, one line each. `unheld`: by regulation, the permissions that nobody
    holds under it, with the reason."""
    used: dict[str, list[Operation]] = {}
    for operation in operations:
        used.setdefault(operation.permission, []).append(operation)
    for operation in used.pop("", []):
        yield f"{operation.method} {operation.path}: an operation without a permission"
    for name in sorted(permissions.keys() - used.keys()):
        yield f"{name}: a permission without any operation"
    for matrix in matrices:
        yield from matrix.strange
        yield from _grants(matrix, permissions, unheld.get(matrix.id, {}))
        yield from _apart(matrix, used)
    known = {matrix.id for matrix in matrices}
    yield from (f"unheld: there is no regulation {name}" for name in sorted(unheld.keys() - known))


def _grants(matrix: Matrix, permissions: Mapping[str, Permission], excused: Mapping[str, Text]) -> Iterator[str]:
    for name in sorted(matrix.seats.keys() | excused.keys()):
        if name not in permissions:
            yield f"{name}: {matrix.id} speaks of a permission that nothing declares"
        elif permissions[name].audience != "official":
            yield f"{name}: {matrix.id} grants to posts what its audience ({permissions[name].audience}) holds anyway"
    for name, permission in sorted(permissions.items()):
        if permission.audience == "official" and not matrix.seats.get(name) and name not in excused:
            yield f"{name}: nobody holds it under {matrix.id}, and no reason is given"
        if matrix.seats.get(name) and name in excused:
            yield f"{name}: is held under {matrix.id}, though a reason is given why not"


def _apart(matrix: Matrix, used: Mapping[str, Iterable[Operation]]) -> Iterator[str]:
    """三员分立: no right to change something is shared with an administrator, none of them looks into a service."""
    for name, seats in sorted(matrix.seats.items()):
        kinds = {seat.department for seat in seats}
        administrators = sorted(kinds & ADMINISTRATORS)
        if not administrators:
            continue
        operations = list(used.get(name, ()))
        if len(kinds) > 1 and any(operation.changes for operation in operations):
            yield f"{name}: {matrix.id} grants a change to {administrators[0]} and to others"
        if any(operation.service in SERVICES for operation in operations):
            yield f"{name}: {matrix.id} lets {administrators[0]} into a service"


def held_by(matrix: Matrix, department: str) -> frozenset[str]:
    """The permissions that a department kind holds somewhere."""
    return frozenset(
        name for name, seats in matrix.seats.items() if any(seat.department == department for seat in seats)
    )


def spoken(matrix: Matrix, name: str) -> Iterator[tuple[str, str]]:
    """Who holds a permission, department by department in the regulation's order: its kind, and in Chinese the
    levels with the first sign of each duty (`旗县 经审阅、苏木乡镇 经`)."""
    seats = matrix.seats.get(name, frozenset())
    for kind in matrix.departments:
        places = []
        for level, title in matrix.levels.items():
            duties = "".join(sign for duty, sign in DUTIES.items() if Seat(kind, level, duty) in seats)
            if duties:
                # 旗县（市、区） is told by 旗县: a cell holds several.
                places.append(f"{title.zh.partition('（')[0]} {duties}")
        if places:
            yield kind, "、".join(places)
