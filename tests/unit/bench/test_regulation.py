"""The measurement of rules measures the same thing on both sides, and says where a bound is not kept."""

from bench.regulation import Row, measure


def test_the_yardstick_agrees_with_the_pack_and_every_figure_is_there() -> None:
    rows = measure(count=600, warm=400)
    assert [row.unit for row in rows] == ["µs", "µs", "times", "µs", "times", "s", "1/s", "persons", "MB"]
    assert all(row.value > 0 for row in rows[:-1])
    assert rows[-1].kept, "memory does not grow with the number of applicants"


def test_a_bound_is_kept_up_to_itself() -> None:
    assert Row("a", 1000.0, "µs", 1000.0).kept
    assert not Row("a", 1000.01, "µs", 1000.0).kept
    assert Row("a", 5.0, "µs").kept
