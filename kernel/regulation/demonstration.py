"""A demonstration tenant beside a pack: real codes, made-up people, so that a jurisdiction can be tried by data alone.

Secrets and passwords are never in the file; they are made when the tenant is made.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, Self

import orjson
from pydantic import AwareDatetime, Field, StringConstraints, ValidationError, model_validator

from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.pack import Pack
from kernel.regulation.reading import Path_, Source, faults_of, read_yaml
from kernel.regulation.schema.base import Label, Model, Word
from kernel.regulation.schema.organisation import LEVEL_CODES, LevelCode, PermissionName
from kernel.regulation.schema.workflows import Duty

FILE = "demonstration.yaml"
UnitCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]
UserName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{2,60}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class DemonstrationUnit(Model):
    """A unit by its code (GB/T 2260 six digits, or the 12-digit statistical code)."""

    code: UnitCode
    name: Name
    level: LevelCode
    parent: UnitCode | None = None


class DemonstrationDepartment(Model):
    """A department of a unit by its kind."""

    unit: UnitCode
    kind: Word


class DemonstrationPost(Model):
    """A post in a department of a unit."""

    unit: UnitCode
    department: Word
    duty: Duty


class DemonstrationUser(Model):
    """A made-up official with posts.

    Who is given no first password cannot sign in before the security administrator sets one: thousands of passwords
    printed by a command would be thousands of passwords lying about.
    """

    user_name: UserName
    display_name: Name
    posts: list[DemonstrationPost] = Field(min_length=1)
    first_password: bool = True


class DemonstrationApplicant(Model):
    """A made-up applicant; its identity number lies in the fictional region 99."""

    user_name: UserName
    display_name: Name
    id_number: Annotated[str, StringConstraints(pattern=r"^99[0-9]{15}[0-9X]$")]


class DemonstrationClient(Model):
    """An OAuth client; `suffix` ends its id.

    browser: public, runs at the user; web: confidential, a server that signs users in; service: confidential,
    acts for itself with the permissions in `grants`.
    """

    suffix: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    name: Label
    kind: Literal["browser", "web", "service"]
    redirect_uris: list[str] = Field(default_factory=list)
    sign_out_uris: list[str] = Field(default_factory=list)
    """Where a sign-out may lead back to (OpenID Connect RP-Initiated Logout)."""
    origins: list[str] = Field(default_factory=list)
    grants: list[PermissionName] = Field(default_factory=list)
    trusted: bool = False


class Demonstration(Model):
    """The demonstration tenant of a pack; units stand parents first."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Label
    business_time: AwareDatetime | None = None
    units: list[DemonstrationUnit] = Field(min_length=1)
    departments: list[DemonstrationDepartment]
    users: list[DemonstrationUser]
    applicants: list[DemonstrationApplicant] = Field(default_factory=list)
    clients: list[DemonstrationClient] = Field(default_factory=list)

    @model_validator(mode="after")
    def has_distinct_names(self) -> Self:
        """Codes of units, and names people sign in with, stand once."""
        codes = [unit.code for unit in self.units]
        names = [user.user_name for user in self.users] + [each.user_name for each in self.applicants]
        for twice in (codes, names):
            if len(set(twice)) != len(twice):
                raise ValueError(
                    f"stands twice: {', '.join(sorted(each for each, count in Counter(twice).items() if count > 1))}"
                )
        return self

    @classmethod
    def read(cls, file: Path) -> "Demonstration":
        """Read the file; raises `PackRefused` with file, path and line of each fault."""
        return _read(file)[0]


def check_demonstration(file: Path, pack: Pack) -> Demonstration:
    """Read the file and hold it to the pack's levels and departments; raises `PackRefused` with every fault."""
    demonstration, source = _read(file)
    faults = [*_units(demonstration, pack, source), *_departments(demonstration, pack, source)]
    if faults:
        raise PackRefused(faults)
    return demonstration


def _read(file: Path) -> tuple[Demonstration, Source]:
    source = read_yaml(file.read_text(encoding="utf-8"), f"{file.parent.name}/{file.name}")
    if source.faults:
        raise PackRefused(source.faults)
    try:
        return Demonstration.model_validate_json(orjson.dumps(source.data)), source
    except ValidationError as error:
        raise PackRefused(faults_of(error, source)) from error


def _units(demonstration: Demonstration, pack: Pack, source: Source) -> list[Fault]:
    faults: list[Fault] = []
    known: dict[str, LevelCode] = {}
    for index, unit in enumerate(demonstration.units):
        path: Path_ = ("units", index)
        if unit.level not in pack.document.levels:
            faults.append(source.fault(path, "办法没有这一层级", f"the pack has no level {unit.level!r}"))
        if unit.parent is None:
            if known:
                faults.append(source.fault(path, "只有一个单位没有上级", "only the first unit has no parent"))
        elif unit.parent not in known:
            faults.append(source.fault(path, "上级应写在前面", f"parent {unit.parent} must stand before it"))
        elif LEVEL_CODES.index(known[unit.parent]) >= LEVEL_CODES.index(unit.level):
            faults.append(source.fault(path, "上级层级应更高", "its parent must be of a higher level"))
        known[unit.code] = unit.level
    return faults


def _departments(demonstration: Demonstration, pack: Pack, source: Source) -> list[Fault]:
    faults: list[Fault] = []
    levels = {unit.code: unit.level for unit in demonstration.units}
    standing = {(each.unit, each.kind) for each in demonstration.departments}
    for index, department in enumerate(demonstration.departments):
        known = pack.document.departments.get(department.kind)
        if known is None or levels.get(department.unit) not in known.levels:
            message = f"the pack has no department {department.kind!r} at the level of unit {department.unit}"
            faults.append(source.fault(("departments", index), "该级没有此部门", message))
    for index, user in enumerate(demonstration.users):
        for place, post in enumerate(user.posts):
            if (post.unit, post.department) not in standing:
                message = f"no department {post.department!r} stands in unit {post.unit}; add it under `departments`"
                faults.append(source.fault(("users", index, "posts", place), "没有这个部门", message))
    return faults
