"""The description of a demonstration tenant is held to the pack's levels and departments."""

from pathlib import Path

import pytest

from kernel.regulation import PackRefused, load
from kernel.regulation.demonstration import Demonstration, check_demonstration
from tests.unit.kernel.regulation.factory import write_pack

GOOD = """
slug: trial
title: {zh: 试验, en: Trial}
units:
  - {code: "990000", name: 试验省, level: region}
  - {code: "990100", name: 试验县, level: county, parent: "990000"}
departments:
  - {unit: "990100", kind: society_work}
users:
  - {user_name: county.handler, display_name: 某甲, posts: [{unit: "990100", department: society_work, duty: handler}]}
applicants:
  - {user_name: applicant.one, display_name: 试考生, id_number: "990101198501010010"}
clients:
  - {suffix: demo, name: {zh: 演示, en: Demo}, kind: browser, redirect_uris: ["http://127.0.0.1/callback"]}
"""


def check(root: Path, text: str) -> Demonstration:
    folder = write_pack(root, "trial")
    file = folder / "demonstration.yaml"
    file.write_text(text, encoding="utf-8")
    assert Demonstration.read(file).slug == "trial"
    return check_demonstration(file, load(folder))


def test_a_description_in_order_is_read(tmp_path: Path) -> None:
    tenant = check(tmp_path, GOOD)
    assert [unit.level for unit in tenant.units] == ["region", "county"]
    assert tenant.clients[0].redirect_uris == ["http://127.0.0.1/callback"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("level: county", "level: township", "the pack has no level 'township'"),
        ('parent: "990000"', 'parent: "990009"', "must stand before it"),
        (', parent: "990000"', "", "only the first unit"),
        ("level: county", "level: region", "of a higher level"),
        ("kind: society_work", "kind: finance", "no department 'finance'"),
        ('{unit: "990100", department', '{unit: "990000", department', "stands in unit 990000"),
    ],
)
def test_what_does_not_fit_the_pack_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(PackRefused, match=says):
        check(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("applicant.one", "county.handler", "stands twice"),
        ("990101198501010010", "110101198501010010", "should match pattern"),
        ("slug: trial", "slug: trial\nsecret: x", "Extra inputs"),
    ],
)
def test_what_the_description_may_not_say_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "demonstration.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackRefused, match=says):
        Demonstration.read(file)
