"""Counters: how often, within which window and how strictly something must happen before something follows."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kernel.regulation.schema.base import Basis, Label, Word

Times = Annotated[int, Field(ge=1, le=1_000)]


class Counter(Basis):
    """So many of `values`, the last one in the year that is looked at.

    `at_least` includes the number (以上), `more_than` leaves it out (超过). `in_a_row`: adjacent years, of which one
    without a value breaks the run; else all in the last `within_years` calendar years. `ground` is an item of the list
    exit.grounds.
    """

    label: Label
    of: Literal["grade"]
    values: list[Word] = Field(min_length=1)
    at_least: Times | None = None
    more_than: Times | None = None
    in_a_row: bool = False
    within_years: Annotated[int, Field(ge=1, le=100)] | None = None
    ground: Word
    reading: Label | None = None

    @model_validator(mode="after")
    def is_one_bound_in_one_window(self) -> Self:
        """One bound with its strictness, and a run or a window of years."""
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("give `at_least` (the number included) or `more_than` (the number left out)")
        if self.in_a_row == (self.within_years is not None):
            raise ValueError("give `in_a_row: true`, or `within_years`")
        return self
