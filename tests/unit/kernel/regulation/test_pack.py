"""A pack travels as one text, keeps its content hash, and has versions in time (P5)."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from kernel.errors import Conflict, NotFound, ParameterNotSet
from kernel.regulation import Pack, PackSet, UnknownMember, load
from tests.unit.kernel.regulation.factory import write_pack


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load(write_pack(tmp_path, "trial"))


def test_a_pack_travels_as_json_without_loss(pack: Pack) -> None:
    received = Pack.from_json(pack.to_json())
    assert received.digest == pack.digest
    assert received.lineage == pack.lineage
    assert received.evaluate("age", {"age_years": 35}) == pack.evaluate("age", {"age_years": 35})


def test_the_content_hash_does_not_depend_on_the_order_of_keys(pack: Pack) -> None:
    shuffled = orjson.dumps(orjson.loads(pack.to_json()), option=orjson.OPT_SORT_KEYS)
    assert Pack.from_json(shuffled).digest == pack.digest


def test_another_figure_is_another_hash(pack: Pack) -> None:
    assert Pack.from_json(pack.to_json().replace('"value":20', '"value":21')).digest != pack.digest


def test_members_that_the_regulation_does_not_have(pack: Pack) -> None:
    assert pack.workflow("hire") is None
    assert pack.procedure("recruitment") is None
    assert pack.item_list("contents") is None
    assert pack.grants("roster.duty.read") == []
    assert pack.department_name("society_work") == "社会工作部"
    assert pack.department_name("nobody") == "nobody"
    with pytest.raises(UnknownMember):
        pack.parameter("nothing")
    with pytest.raises(UnknownMember):
        pack.article("XX-9")


def test_an_item_is_found_in_its_article(pack: Pack) -> None:
    assert pack.article("XX-1(2)") is pack.article("XX-1")


def version(pack: Pack, number: str, effective: str, before: str | None) -> Pack:
    data = orjson.loads(pack.to_json())
    data["document"]["pack"] |= {"version": number, "effective": effective}
    if before:
        data["document"]["pack"]["effective_before"] = before
    return Pack.from_json(orjson.dumps(data))


def test_a_process_takes_the_version_in_force_on_its_day_and_may_keep_its_own(pack: Pack) -> None:
    first, second = version(pack, "1", "2024-01-01", "2025-07-01"), version(pack, "2", "2025-07-01", None)
    versions = PackSet([second, first])
    assert versions.on(date(2025, 6, 30)) is first
    assert versions.on(date(2025, 7, 1)) is second
    assert versions.version("1") is first
    with pytest.raises(ParameterNotSet):
        versions.on(date(2023, 12, 31))
    with pytest.raises(NotFound):
        versions.version("3")


@pytest.mark.parametrize(
    ("number", "effective", "says"),
    [("2", "2025-06-30", "overlap"), ("1", "2025-07-01", "do not differ")],
)
def test_versions_that_overlap_or_repeat_are_refused(pack: Pack, number: str, effective: str, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        PackSet([version(pack, "1", "2024-01-01", "2025-07-01"), version(pack, number, effective, None)])


def test_a_version_without_an_end_overlaps_every_later_one(pack: Pack) -> None:
    with pytest.raises(Conflict, match="overlap"):
        PackSet([version(pack, "1", "2024-01-01", None), version(pack, "2", "2026-01-01", None)])
