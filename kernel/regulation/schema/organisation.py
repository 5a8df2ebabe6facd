"""Levels, organs, kinds of workers and relations, grants of permissions, and enumerated lists of the text."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kernel.regulation.schema.base import Basis, Label, Model, Word
from kernel.regulation.schema.meta import Names
from kernel.regulation.schema.workflows import Duty

LevelCode = Literal["region", "league", "county", "township", "community"]
LEVEL_CODES: tuple[LevelCode, ...] = ("region", "league", "county", "township", "community")
PermissionName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z_]+){2}$")]


class Level(Model):
    """What a level is called here, with the several forms a name takes (盟市 is 盟 or 市)."""

    name: Label
    forms: list[Label] = Field(default_factory=list)


class Department(Model):
    """A kind of department: its names in time and the levels that have one."""

    names: list[Names] = Field(min_length=1)
    levels: list[LevelCode] = Field(min_length=1)

    @model_validator(mode="after")
    def names_follow_each_other(self) -> Self:
        """One name holds on a day: they stand in order of their first days."""
        days = [each.valid_from for each in self.names]
        if sorted(set(days)) != days:
            raise ValueError("names must stand in order of valid_from, one for each day")
        return self


class Category(Basis):
    """A category of worker and the relation kinds its members may stand in."""

    label: Label
    relations: list[Word] = Field(min_length=1)
    counts_in_headcount: bool = True
    full_time: bool = True


class RelationKind(Basis):
    """How a worker stands to the employer, and which national rules bind that relation."""

    label: Label
    national_rules: list[Word] = Field(default_factory=list)
    removal: Literal["labour_contract", "as_agreed", "recall_or_removal", "agency", "home_unit"]


class Role(Basis):
    """A post that a worker holds in a community: which category holding it makes, and in which relation.

    `once_per_community`: one person at a time holds it there. `part_time_category`: what holding it beside another
    occupation makes; None where the regulation knows no such holder.
    """

    label: Label
    category: Word
    relation: Word
    once_per_community: bool = False
    part_time_category: Word | None = None


class Grant(Model):
    """Who among officials holds a permission: department kinds × levels × duties."""

    departments: list[Word] = Field(min_length=1)
    levels: list[LevelCode] = Field(min_length=1)
    duties: list[Duty] = Field(min_length=1)


class ListItem(Model):
    """One item of an enumeration."""

    label: Label


class ItemList(Basis):
    """An enumeration of the text (contents of a contract, duties, matters); `open` when it ends in 等 or 其他."""

    label: Label
    items: dict[Word, ListItem]
    open: bool = False
    reading: Label | None = None


__all__ = [
    "LEVEL_CODES",
    "Category",
    "Department",
    "Grant",
    "ItemList",
    "Level",
    "LevelCode",
    "ListItem",
    "PermissionName",
    "RelationKind",
    "Role",
]
