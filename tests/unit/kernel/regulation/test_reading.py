"""YAML is read narrowly, and every fault names its file and line."""

import pytest

from kernel.regulation.faults import PackRefused
from kernel.regulation.loading import parse
from kernel.regulation.reading import read_yaml


def test_texts_that_yaml_would_turn_into_something_else_stay_texts() -> None:
    source = read_yaml("a: yes\nb: 2024-01-01\nc: 012\nd: 1e3\ne: on\nf: true\ng: 12\nh: '12'\n", "x.yaml")
    assert source.data == {
        "a": "yes",
        "b": "2024-01-01",
        "c": "012",
        "d": "1e3",
        "e": "on",
        "f": True,
        "g": 12,
        "h": "12",
    }
    assert source.faults == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("a:\n  b: 0.25\n", 2, "write the decimal as text"),
        ("a: [1, 2\n", 2, "not readable as YAML"),
        ("- 1\n", 1, "mapping of sections"),
    ],
)
def test_faults_name_the_line(text: str, line: int, says: str) -> None:
    faults = read_yaml(text, "x.yaml").faults
    assert [(fault.file, fault.line) for fault in faults] == [("x.yaml", line)]
    assert says in faults[0].message.en


def test_aliases_are_refused_because_they_can_grow_without_bound() -> None:
    faults = read_yaml("a: &x [1, 1]\nb: [*x, *x]\n", "x.yaml").faults
    assert "aliases" in faults[0].message.en


def test_a_section_may_be_spread_over_files_a_member_may_not() -> None:
    source = read_yaml("rules: {a: 1}\n", "one.yaml")
    read_yaml("rules: {b: 2}\n", "two.yaml", source)
    assert source.data == {"rules": {"a": 1, "b": 2}}
    read_yaml("rules: {b: 3}\n", "three.yaml", source)
    assert "written twice: b" in source.faults[0].message.en


def test_what_the_schema_refuses_names_path_line_and_article() -> None:
    text = "language: 1\nparameters:\n  hours:\n    article: XX-2\n    kind: int\n    labell: 3\n"
    with pytest.raises(PackRefused) as refused:
        parse(read_yaml(text, "x.yaml"))
    faults = {fault.path: fault for fault in refused.value.faults}
    assert faults["parameters.hours.labell"].line == 6
    assert faults["parameters.hours.labell"].article == "XX-2"
    assert faults["pack"].message.en == "Field required"
