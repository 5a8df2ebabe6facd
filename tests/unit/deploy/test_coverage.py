"""Article coverage: rule, operation and test of each article, and where a hole is (X3)."""

from pathlib import Path

import pytest

from deploy.cli.coverage import Operation, Row, holes, marked_tests, operations_of, rows
from kernel.regulation import Pack, load
from tests.unit.kernel.regulation.factory import BASE, TEXT, write_pack

MORE = """  XX-3: {status: not_yet, reason: {zh: 待建, en: Later}}
  XX-4: {status: declarative, reason: {zh: 目的, en: Purpose}}
  XX-5: {status: parameter, refs: ["meta:effective"]}
parameters:
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    text = TEXT + "第三条 丙。\n第四条 丁。\n第五条 自2024年1月1日起施行。\n"
    return load(write_pack(tmp_path, "trial", BASE.replace("parameters:\n", MORE, 1), text=text))


def table(pack: Pack, operations: list[Operation], tests: dict[str, list[str]]) -> dict[str, Row]:
    return {row.article: row for row in rows([pack, pack], operations, tests)}


def test_an_article_that_is_built_needs_an_operation_and_a_test(pack: Pack) -> None:
    found = table(pack, [Operation("review", ("XX-1(2)",))], {"XX-2": ["test_hours"]})
    assert list(found) == ["XX-1", "XX-2", "XX-3", "XX-4", "XX-5"]
    assert (found["XX-1"].operations, found["XX-1"].holes) == (("review",), ("test",))
    assert (found["XX-2"].tests, found["XX-2"].holes) == (("test_hours",), ("operation",))
    assert found["XX-5"].holes == ("test",)


def test_what_is_not_built_yet_counts_only_under_strict(pack: Pack) -> None:
    carried = [Operation("all", ("XX-1", "XX-2"))]
    tests = {number: ["test"] for number in ("XX-1", "XX-2", "XX-5")}
    complete = list(table(pack, carried, tests).values())
    assert holes(complete, strict=False) == []
    assert [row.article for row in holes(complete, strict=True)] == ["XX-3"]


def test_operations_come_from_the_api_document() -> None:
    document = {
        "paths": {
            "/a": {"post": {"operationId": "make", "x-articles": ["NM-8"]}, "parameters": []},
            "/b": {"get": {}},
        }
    }
    assert list(operations_of(document)) == [Operation("make", ("NM-8",)), Operation("GET /b", ())]


def test_tests_are_read_from_source_with_markers_of_function_class_and_module(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.article('NM-1')\n"
        "@pytest.mark.article('NM-9(2)', 'NM-11')\n"
        "def test_a(): ...\n"
        "@pytest.mark.article('NM-20')\n"
        "class TestB:\n"
        "    async def test_c(self): ...\n"
        "def helper(): ...\n",
        encoding="utf-8",
    )
    found = marked_tests(tmp_path)
    assert found["NM-9"] == found["NM-11"] == ["test_one.py::test_a"]
    assert found["NM-20"] == ["test_one.py::TestB::test_c"]
    assert found["NM-1"] == ["test_one.py::test_a", "test_one.py::TestB::test_c"]
