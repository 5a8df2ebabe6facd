"""How figures of a regulation are named and written over HTTP."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StrictStr

FigurePath = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=80)]
_Short = Annotated[StrictStr, Field(max_length=2_000)]
_Cell = StrictBool | StrictInt | _Short
FigureValue = (
    _Cell
    | Annotated[list[StrictInt], Field(max_length=500)]
    | Annotated[list[_Short], Field(max_length=500)]
    | Annotated[list[dict[str, _Cell]], Field(max_length=500)]
)
"""A value as packs write it; a decimal is text, so that it is never a binary fraction."""
