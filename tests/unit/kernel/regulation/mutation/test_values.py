"""What a value is changed to: one place, one day, one order, one comparison at a time."""

from kernel.regulation.mutation.values import of_condition, of_list, of_value


def test_a_number_goes_one_down_and_one_up() -> None:
    assert [new for _, new in of_value(40)] == [39, 41]


def test_a_decimal_moves_in_its_last_place() -> None:
    assert [new for _, new in of_value("0.5")] == ["0.4", "0.6"]
    assert [new for _, new in of_value("300")] == ["299", "301"]


def test_a_day_moves_by_one_and_a_flag_turns() -> None:
    assert [new for _, new in of_value("2024-02-29")] == ["2024-02-28", "2024-03-01"]
    assert [new for _, new in of_value(True)] == [False]


def test_a_word_and_an_unbounded_number_stay() -> None:
    assert list(of_value("township")) == []
    assert list(of_value(2**53)) == []


def test_a_list_loses_each_item_and_turns_each_pair() -> None:
    assert [new for _, new in of_list(["a", "b", "b"])] == [["b", "b"], ["a", "b"], ["a", "b"], ["b", "a", "b"]]


def test_each_comparison_number_and_negation_of_a_condition_changes_alone() -> None:
    source = "!open && age_years <= 40 || kind == '<= 3'"
    assert [new for _, new in of_condition(source)] == [
        "!open || age_years <= 40 || kind == '<= 3'",
        "!open && age_years < 40 || kind == '<= 3'",
        "!open && age_years <= 40 && kind == '<= 3'",
        "!open && age_years <= 40 || kind != '<= 3'",
        "!open && age_years <= 41 || kind == '<= 3'",
        "!open && age_years <= (39) || kind == '<= 3'",
        "open && age_years <= 40 || kind == '<= 3'",
    ]
