"""Permissions: one declared per operation; grants say which posts hold it (T5).

A permission is declared once, beside its service. Which officials hold it is data: the `permissions` section of
the tenant's pack maps the name to grants of department kind × level × duty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kernel.context import Actor
from kernel.errors import Text

Audience = Literal["official", "person", "public", "client", "signed-in"]
Organ = Literal["issuer", "interpreter"]

_declared: dict[str, "Permission"] = {}


@dataclass(frozen=True, slots=True)
class Permission:
    """The right to one kind of operation. `audience` says who may hold it at all:

    official: a post for which the pack grants it; person: any signed-in person, for own records only (row-level
    security keeps the rest away); public: everybody, without a token; client: a client registered with it;
    signed-in: everybody with a token.

    `organ` and `duties`: the organ of that function which the regulation itself names holds it without a grant, its
    posts of these duties.
    """

    name: str
    label: Text
    audience: Audience
    organ: Organ | None = None
    duties: tuple[str, ...] = ()


def permission(
    name: str,
    *,
    zh: str,
    en: str,
    audience: Audience = "official",
    organ: Organ | None = None,
    duties: tuple[str, ...] = (),
) -> Permission:
    """Declare a permission; a second declaration of the name is an error of the program."""
    if name in _declared:
        raise ValueError(f"permission {name} is declared twice")
    _declared[name] = declared = Permission(name, Text(zh, en), audience, organ, duties)
    return declared


def declared() -> Mapping[str, Permission]:
    """All permissions declared so far, by name."""
    return _declared


@dataclass(frozen=True, slots=True)
class Grant:
    """Posts in one of `departments` at one of `levels` with one of `duties`. None of a list is any of them."""

    departments: tuple[str, ...]
    levels: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Grant":
        """From the pack's form `{departments, levels, duties}`."""
        return cls(
            tuple(data["departments"]),
            tuple(data.get("levels") or ()),
            tuple(data.get("duties") or ()),
        )

    def covers(self, department: str | None, level: str | None, duty: str | None) -> bool:
        """Whether a post of that department kind, level and duty holds it."""
        return (
            department in self.departments
            and (not self.levels or level in self.levels)
            and (not self.duties or duty in self.duties)
        )


def permitted(actor: Actor, permission: Permission, grants: Iterable[Grant], client_grants: Iterable[str] = ()) -> bool:
    """Whether `actor` holds `permission` under the grants in force for the tenant."""
    match permission.audience:
        case "public":
            return True
        case "signed-in":
            return actor.kind in ("official", "person", "client")
        case "person":
            return actor.kind == "person"
        case "client":
            return actor.kind == "client" and permission.name in client_grants
        case "official":
            if actor.kind == "client":
                return permission.name in client_grants
            return actor.kind == "official" and any(
                grant.covers(actor.department_kind, actor.level, actor.duty) for grant in grants
            )
