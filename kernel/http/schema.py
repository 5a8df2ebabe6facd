"""Base classes of what goes in and out over HTTP."""

import functools
import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, get_args

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


@functools.cache
def _days_of(body: type[BaseModel]) -> frozenset[str]:
    """The members of a body that hold a day or an instant."""
    return frozenset(name for name, field in body.model_fields.items() if _is_day(field.annotation))


def _is_day(annotation: Any) -> bool:
    # A datetime is a date too; AwareDatetime is a name of pydantic for one.
    if annotation is AwareDatetime or (isinstance(annotation, type) and issubclass(annotation, date)):
        return True
    return any(_is_day(part) for part in get_args(annotation))


class Body(BaseModel):
    """What comes in: unknown members are refused, so that nobody sets what is not offered (mass assignment)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _days_are_text(cls, value: Any, info: ValidationInfo) -> Any:
        return _no_number(value) if info.field_name in _days_of(cls) else value


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
