"""The table of the 27 matters holds: each path stands in the schema, each figure is declared, each example exists."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from kernel.regulation.schema import PackDocument

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs" / "regulation-dimensions.md"
FOLDERS = {path.parent.name: path.parent for path in ROOT.glob("regulations/*/pack.yaml")} | {
    path.parent.name: path.parent for path in ROOT.glob("tests/generality/packs/*/pack.yaml")
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [0-9]+ \|", line)
]
SECTIONS = ("parameters", "facts")


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field's type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def stands(path: str) -> bool:
    """Whether the path leads through fields of the schema; `*` is any member of a map."""
    known: list[type[BaseModel]] = [PackDocument]
    for step in path.split("."):
        if step == "*":
            continue
        fields = [each.model_fields[step] for each in known if step in each.model_fields]
        if not fields:
            return False
        known = [model for field in fields for model in models(field.annotation)]
    return True


def paths(cell: str) -> list[str]:
    """What a cell writes as code and is a path of the schema."""
    first = tuple(PackDocument.model_fields)
    found = re.findall(r"`([a-z_.*:]+)`", cell)
    return [each for each in found if re.split(r"[.:]", each)[0] in first]


def test_there_is_a_row_for_each_of_the_27() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 28))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_path_stands_and_each_example_says_it(row: list[str]) -> None:
    _, _, where, example = row
    named = paths(where)
    assert named
    packs = [loaded(name.strip()) for name in example.strip(" |").split(",")]
    national = loaded("national")
    said = False
    for path in named:
        section, _, member = path.partition(":")
        if section in SECTIONS and member:
            assert member in getattr(national.document, section), path
            said = said or any(_speaks(pack.document, section, member) for pack in packs)
        else:
            assert stands(path), path
            said = said or any(getattr(pack.document, path.split(".")[0]) for pack in packs)
    assert said, f"no example of row {row[0]} says any of it"


@functools.cache
def loaded(name: str) -> Pack:
    return load(FOLDERS[name], ROOT / "regulations")


def _speaks(document: PackDocument, section: str, member: str) -> bool:
    found = getattr(document, section)[member]
    return section == "facts" or found.state() != "absent"


def test_a_path_that_leads_nowhere_is_seen() -> None:
    assert not stands("parameters.*.softness")
    assert not stands("workflows.*.steps.blocking")
