"""Days and instants come in as text; a number is never taken for seconds since 1970."""

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


@pytest.mark.parametrize("value", ["0", "86400", 0])
def test_a_day_in_a_query_is_no_number(value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDay).validate_python(value)
    assert TypeAdapter(IsoDay).validate_python("2024-09-02") == date(2024, 9, 2)
