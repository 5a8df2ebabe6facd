"""Head of a pack: who issued it, where and since when it holds, what it fills in; and its calendar."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kernel.calendar import AgeConvention
from kernel.regulation.schema.base import Id, Label, Model, Sentence, Word

Layer = Literal["national", "region", "league", "county"]
LAYERS: tuple[Layer, ...] = ("national", "region", "league", "county")


class Organ(Model):
    """A department of a level, as an issuer or interpreter; `name` is what the text calls it."""

    department: Word
    level: Word
    name: Label


class OfficialText(Model):
    """A text file beside the pack; with `complete` every one of its articles must be listed under `articles`."""

    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$")]
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*\.txt$")]
    complete: bool = False
    source: Label


class Meta(Model):
    """Identity, force and place of a pack. `effective_before` is the first day it no longer holds."""

    id: Word
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){0,2}$")]
    layer: Layer
    parent: Word | None = None
    title: Label
    jurisdiction: Label
    issuer: Organ | None = None
    interpreter: Organ | None = None
    basis: Label | None = None
    issued: date
    effective: date
    effective_before: date | None = None
    texts: list[OfficialText] = Field(default_factory=list)
    note: Sentence | None = None


class CalendarYearData(Model):
    """One year of days off and make-up working days; `complete` when the lists are the whole arrangement."""

    source: Label
    off: list[date] = Field(default_factory=list)
    work: list[date] = Field(default_factory=list)
    complete: bool = False


class CalendarSection(Model):
    """The jurisdiction's overlay on the national working calendar, and how it counts years of age."""

    overlay_required: bool = False
    years: dict[Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")], CalendarYearData] = Field(
        default_factory=dict
    )
    age_convention: AgeConvention = "birthday"


class Names(Model):
    """A name in force from a day; reforms rename organs without changing what refers to them."""

    valid_from: date
    name: Label


__all__ = [
    "LAYERS",
    "CalendarSection",
    "CalendarYearData",
    "Id",
    "Layer",
    "Meta",
    "Names",
    "OfficialText",
    "Organ",
]
