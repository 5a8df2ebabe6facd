"""Counters: the number included or left out, a run or a window, and what no year may stand in for."""

import pytest
from pydantic import ValidationError

from kernel.regulation.counting import counted_years
from kernel.regulation.schema import Counter

CITED = {
    "article": "XX-1",
    "words": "连续",
    "label": {"zh": "计数", "en": "Counter"},
    "of": "grade",
    "ground": "failed",
}


def counter(**changes: object) -> Counter:
    return Counter.model_validate({**CITED, "values": ["basic", "failed"], "at_least": 2, "within_years": 3} | changes)


@pytest.mark.parametrize(
    ("values", "years"),
    [
        ({2024: "basic", 2022: "basic"}, [2024, 2022]),
        ({2024: "basic", 2021: "basic"}, [2024]),
        ({2024: "failed", 2023: "basic", 2022: "basic", 2021: "basic"}, [2024, 2023, 2022]),
        ({2024: "good", 2023: "basic", 2022: "basic"}, []),
        ({2024: None, 2023: "basic"}, []),
        ({}, []),
    ],
)
def test_a_window_of_three_years_ends_with_the_year_looked_at(values: dict[int, str | None], years: list[int]) -> None:
    assert counted_years(counter(), values, 2024) == years


@pytest.mark.parametrize(
    ("values", "years"),
    [({2024: "failed", 2023: "failed"}, [2024, 2023]), ({2024: "failed", 2022: "failed"}, [2024])],
)
def test_a_run_is_broken_by_a_year_without_a_value(values: dict[int, str | None], years: list[int]) -> None:
    assert counted_years(counter(within_years=None, in_a_row=True), values, 2024) == years


@pytest.mark.parametrize(
    "changes", [{"more_than": 2}, {"at_least": None}, {"in_a_row": True}, {"within_years": None}, {"values": []}]
)
def test_a_counter_has_one_bound_and_one_window(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        counter(**changes)
