"""The posts of a regulation: each makes a category and stands in one of its relations; lower layers keep them."""

from pathlib import Path

import pytest

from kernel.regulation import Pack, PackRefused, load
from tests.unit.kernel.regulation.factory import BASE, write_pack

ROLES = """
relations:
  office: {label: {zh: 选任, en: Office}, removal: recall_or_removal, ours: {zh: 归类, en: Sorting}}
  contract: {label: {zh: 合同, en: Contract}, removal: labour_contract, ours: {zh: 归类, en: Sorting}}
categories:
  officer: {label: {zh: 成员, en: Officer}, relations: [office], ours: {zh: 归类, en: Sorting}}
roles:
  head:
    label: {zh: 负责人, en: Head}
    category: officer
    relation: office
    once_per_community: true
    ours: {zh: 归类, en: Sorting}
"""


def test_roles_travel_with_the_pack(tmp_path: Path) -> None:
    pack = Pack.from_json(load(write_pack(tmp_path, "trial", BASE + ROLES)).to_json())
    head = pack.role("head")
    assert head is not None
    assert (head.category, head.relation, head.once_per_community) == ("officer", "office", True)
    assert pack.role("mayor") is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("category: officer", "category: nobody", "no category 'nobody'"),
        (
            "    once_per_community: true",
            "    once_per_community: true\n    part_time_category: nobody",
            "no category 'nobody' in relation 'office'",
        ),
        ("    relation: office", "    relation: contract", "does not stand in relation 'contract'"),
        (
            "    once_per_community: true\n    ours: {zh: 归类, en: Sorting}",
            "    once_per_community: true",
            "`ours` with",
        ),
    ],
)
def test_a_role_that_fits_nothing_is_a_fault(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in ROLES
    with pytest.raises(PackRefused, match=says.replace("`", ".")):
        load(write_pack(tmp_path, "trial", BASE + ROLES.replace(old, new)))


def test_a_lower_layer_does_not_rewrite_a_role(tmp_path: Path) -> None:
    write_pack(tmp_path, "trial", BASE + ROLES)
    lower = ROLES[ROLES.index("roles:") :].replace("once_per_community: true", "once_per_community: false")
    body = "\n" + lower + "articles:\n  YY-1: {status: declarative, reason: {zh: 无, en: None}}\n"
    body += "  YY-2: {status: declarative, reason: {zh: 无, en: None}}\n"
    folder = write_pack(tmp_path, "below", body, layer="county", parent="trial", prefix="YY")
    with pytest.raises(PackRefused, match="already fixed above"):
        load(folder)
