"""What comes in has the JSON type that the schema says: days are text, integers no text, truth is true or false."""

from datetime import date, datetime
from typing import Annotated, Any

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from kernel.http.schema import Body, IsoDay


class Wanted(Body):
    """One member of each kind."""

    on: Annotated[date, Field(ge=date(1900, 1, 1))]
    at: AwareDatetime | None = None
    count: int = 0
    agreed: Annotated[bool, Field(description="or not")] | None = None
    told: dict[str, bool | int | str] = Field(default_factory=dict)


def test_days_and_instants_are_read_as_written() -> None:
    read = Wanted.model_validate({"on": "2024-09-02", "at": "2024-09-02T09:00:00+08:00", "count": 3})
    assert read.on == date(2024, 9, 2)
    assert read.at == datetime.fromisoformat("2024-09-02T01:00:00+00:00")
    assert read.count == 3


@pytest.mark.parametrize("value", [0, 1_725_238_800, 1.5, True, "0", "1725238800", " 20240902 ", "-1", ".5"])
@pytest.mark.parametrize("member", ["on", "at"])
def test_numbers_are_neither_days_nor_instants(member: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Wanted.model_validate({"on": "2024-09-02", member: value})
    (error,) = refused.value.errors()
    assert error["loc"] == (member,)
    assert error["type"] == "iso_8601"


@pytest.mark.parametrize("value", [True, "3", ""])
def test_an_integer_is_neither_truth_nor_text(value: Any) -> None:
    with pytest.raises(ValidationError):
        Wanted.model_validate({"on": "2024-09-02", "count": value})
    assert Wanted.model_validate({"on": "2024-09-02", "count": 3.0}).count == 3  # JSON has one kind of number


@pytest.mark.parametrize("value", [0, 1, "true", "yes"])
def test_truth_is_neither_number_nor_text(value: Any) -> None:
    with pytest.raises(ValidationError):
        Wanted.model_validate({"on": "2024-09-02", "agreed": value})
    assert Wanted.model_validate({"on": "2024-09-02", "agreed": True}).agreed is True


def test_what_may_be_of_several_kinds_is_left_as_it_is() -> None:
    told = {"citizen": True, "years": 3, "name": "7"}
    assert Wanted.model_validate({"on": "2024-09-02", "agreed": None, "told": told}).told == told


@pytest.mark.parametrize("value", ["0", "86400", 0])
def test_a_day_in_a_query_is_no_number(value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDay).validate_python(value)
    assert TypeAdapter(IsoDay).validate_python("2024-09-02") == date(2024, 9, 2)
