"""Base classes of what goes in and out over HTTP."""

import functools
import re
from collections.abc import Callable
from datetime import date
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text

ViewT = TypeVar("ViewT")

_NUMBER = re.compile(r"\s*[-+]?[0-9]*\.?[0-9]+\s*")
_NOT_ISO = Text("日期和时间应按 ISO 8601 书写", "days and instants are written as ISO 8601 has them")


def _no_number(value: Any) -> Any:
    """Refuse what would else be taken for seconds since 1970: nobody means that, and the schema says text."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise PydanticCustomError("iso_8601", "{text}", {"text": _NOT_ISO})
    return value


IsoDay = Annotated[date, BeforeValidator(_no_number)]
"""A day in a query, as ISO 8601 writes it. Members of a `Body` need no more than `date`."""


def _no_text(value: Any) -> Any:
    """Refuse true, false and digits in quotation marks where the schema says integer."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_type", "not an integer")
    return value


def _truth(value: Any) -> Any:
    """Refuse 0, "yes" and the like where the schema says boolean; null is for the schema to judge."""
    if value is not None and not isinstance(value, bool):
        raise PydanticCustomError("bool_type", "not true or false")
    return value


_AS_DECLARED: dict[type, Callable[[Any], Any]] = {date: _no_number, int: _no_text, bool: _truth}


@functools.cache
def _kinds_of(body: type[BaseModel]) -> dict[str, Callable[[Any], Any]]:
    """For the members of one of the kinds above (or null), what refuses the others' values."""
    found = {}
    for name, field in body.model_fields.items():
        kinds = _kinds(field.annotation) - {type(None)}
        if len(kinds) == 1 and (kind := kinds.pop()) in _AS_DECLARED:
            found[name] = _AS_DECLARED[kind]
    return found


def _kinds(annotation: Any) -> set[Any]:
    """The types a value may have; of a list, a mapping or a literal, that itself."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return set().union(*(_kinds(part) for part in get_args(annotation)))
    # A datetime is a date too; AwareDatetime is a name of pydantic for one.
    if annotation is AwareDatetime or (isinstance(annotation, type) and issubclass(annotation, date)):
        return {date}
    return {origin or annotation}


class Body(BaseModel):
    """What comes in: unknown members are refused, so that nobody sets what is not offered (mass assignment).

    A value of another JSON type than the schema says is refused too, not converted.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _of_the_declared_kind(cls, value: Any, info: ValidationInfo) -> Any:
        judge = _kinds_of(cls).get(info.field_name or "")
        return judge(value) if judge else value


class View(BaseModel):
    """What goes out; never a table. A view with `version` gets an ETag."""

    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


class Page(BaseModel, Generic[ViewT]):
    """One page of a list and the cursor of the next; `next` is null at the end."""

    items: list[ViewT]
    next: str | None = None


class ProblemError(BaseModel):
    """What is wrong with one member (`pointer` is a JSON Pointer)."""

    pointer: str
    message: str
    rule: str | None = None
    article: str | None = None


class ProblemDocument(BaseModel):
    """A problem as RFC 9457 has it, with the rule's article and the findings it rests on."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str | None = None
    advice: str | None = None
    instance: str = Field(description="The request id; name it when asking for help.")
    article: str | None = None
    errors: list[ProblemError] = []
    findings: list[dict[str, Any]] = []
