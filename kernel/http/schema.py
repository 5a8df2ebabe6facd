"""Base classes of what goes in and out over HTTP."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

ViewT = TypeVar("ViewT")


class Body(BaseModel):
    """What comes in: unknown members are refused, so that nobody sets what is not offered (mass assignment)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


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
