"""What a pack may not be: each fault is told with file, line, path, article and mend, and nothing comes into force."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import regulation
from kernel.regulation.expression.limits import MAX_CHARACTERS, MAX_DEPTH, MAX_ITEMS
from kernel.regulation.faults import PackRefused
from kernel.regulation.loading import load
from tests.unit.kernel.regulation.factory import BASE, write_pack

RUNNER = CliRunner()
MORE = """
categories:
  staff: {label: {zh: 人员, en: Staff}, relations: [contract], article: XX-1, words: 学历不限}
relations:
  contract:
    label: {zh: 合同, en: Contract}
    national_rules: [probation]
    removal: labour_contract
    article: XX-1
    words: 学历不限
roles:
  staff: {label: {zh: 人员, en: Staff}, category: staff, relation: contract, article: XX-1, words: 学历不限}
procedures:
  hiring:
    label: {zh: 招聘, en: Hiring}
    article: XX-1
    words: 学历不限
    runner_levels: [county]
    steps:
      - id: plan
        kinds: [plan]
        label: {zh: 方案, en: Plan}
        by: [{department: society_work, level: county}]
        article: XX-1
        words: 学历不限
workflows:
  plan:
    label: {zh: 方案, en: Plan}
    article: XX-1
    words: 学历不限
    subject: plan
    subject_levels: [county]
    steps:
      - id: review
        kind: review
        label: {zh: 审核, en: Review}
        by: {department: society_work, level: region}
        article: XX-1
        words: 学历不限
        blocks: true
"""
ROWS = """
  tiers: {kind: rows, label: {zh: 分档, en: Tiers}, article: XX-1, words: 学历不限, value: [{role: staff, hours: 20}]}
  contract.party_level: {kind: text, label: {zh: 层级, en: Level}, article: XX-1, words: 学历不限, value: county}
  counted_categories: {kind: texts, label: {zh: 类别, en: Categories}, article: XX-1, words: 学历不限, value: [staff]}
"""
WHOLE = BASE.replace("\nrules:\n", ROWS.rstrip() + "\nrules:\n") + MORE
LONG = " && ".join(["age_years <= limit"] * 60)
DEEP = "!" * (MAX_DEPTH + 1) + "citizen"
WIDE = "age_years in [" + ", ".join(map(str, range(MAX_ITEMS + 1))) + "]"
OVERLAP = r"second/pack\.yaml:\d+: pack\.effective: overlaps version 1 of first/pack\.yaml:\d+; end that one"
TWICE = r"pack\.version: version 1 stands in first/pack\.yaml:\d+ already"
CONDITION = "condition: age_years <= limit"

Bad = tuple[str, str, str]
BAD: dict[str, Bad] = {
    # wrong references
    "department of a step": (
        "by: {department: society_work, level: region}",
        "by: {department: party_work, level: region}",
        r"workflows\.plan\.steps\[0\]\.by \[XX-1\]: no department 'party_work'; add it",
    ),
    "level of a step": (
        "by: {department: society_work, level: region}",
        "by: {department: society_work, level: township}",
        r"workflows\.plan\.steps\[0\]\.by \[XX-1\]: .*does not stand at level 'township'; mend",
    ),
    "level of a subject": (
        "subject_levels: [county]",
        "subject_levels: [league]",
        r"workflows\.plan\.subject_levels\[0\] \[XX-1\]: no level 'league' in this pack; add it",
    ),
    "office of a procedure": (
        "by: [{department: society_work",
        "by: [{department: nobody",
        r"procedures\.hiring\.steps\[0\]\.by \[XX-1\]: no department 'nobody'; add it",
    ),
    "relation of a category": (
        "relations: [contract]",
        "relations: [agreement]",
        r"categories\.staff\.relations\[0\] \[XX-1\]: no relation 'agreement'; add it",
    ),
    "category of a role": (
        "category: staff, relation",
        "category: crew, relation",
        r"roles\.staff\.category \[XX-1\]: no category 'crew'; add it",
    ),
    "role of a table": (
        "{role: staff, hours: 20}",
        "{role: clerk, hours: 20}",
        r"parameters\.tiers\.value\[0\]\.role \[XX-1\]: 'clerk' is none of this pack's roles; mend",
    ),
    "level of a figure": (
        "value: county}",
        "value: banner}",
        r"parameters\.contract\.party_level\.value \[XX-1\]: 'banner' is none of this pack's levels; mend",
    ),
    "category of a figure": (
        "value: [staff]}",
        "value: [staff, crew]}",
        r"parameters\.counted_categories\.value\[1\] \[XX-1\]: 'crew' is none of this pack's categories; mend",
    ),
    "member of an article": (
        'refs: ["rule:age"]',
        'refs: ["rule:years"]',
        r"articles\.XX-1\.refs\[0\] \[XX-1\]: 'rule:years' does not exist; mend",
    ),
    "article of a member": (
        "article: XX-2\n",
        "article: XX-7\n",
        r"parameters\.hours \[XX-7\]: cites XX-7, which `articles` does not list",
    ),
    "words of an article": (
        "words: 培训不少于20学时",
        "words: 培训不少于30学时",
        r"parameters\.hours\.words \[XX-2\]: these words do not stand in XX-2.*quote",
    ),
    # unknown facts and parameters
    "unknown fact": (CONDITION, "condition: years <= limit", r"rules\.age\.condition \[XX-1\]: .*years"),
    "unknown value of a fact": (
        CONDITION,
        'condition: grade == "fair"',
        r"rules\.age\.condition \[XX-1\]: 'fair' is not a value of 'grade'",
    ),
    "unknown parameter": (
        "uses: {limit: age_limit}",
        "uses: {limit: years_limit}",
        r"rules\.age\.uses\.limit \[XX-1\]: no parameter 'years_limit'.*declare it",
    ),
    # expressions over the bounds
    "too long": (CONDITION, f"condition: {LONG}", rf"rules\.age\.condition \[XX-1\]: .*{MAX_CHARACTERS}"),
    "too deep": (CONDITION, f'condition: "{DEEP}"', rf"rules\.age\.condition \[XX-1\]: .*{MAX_DEPTH}.*deep"),
    "too wide": (
        CONDITION,
        f"condition: {WIDE}",
        rf"rules\.age\.condition \[XX-1\]: a list has over {MAX_ITEMS} items",
    ),
    "two macros": (
        CONDITION,
        'condition: "[1].exists(a, [2].exists(b, a == b))"',
        r"rules\.age\.condition \[XX-1\]: at most 1 list macro",
    ),
    "a function not allowed": (
        CONDITION,
        'condition: "matches(grade, grade)"',
        r"rules\.age\.condition \[XX-1\]: .*matches",
    ),
    "a division by a fact": (
        CONDITION,
        'condition: "limit / age_years > 1"',
        r"rules\.age\.condition \[XX-1\]: divide only by a written integer",
    ),
    "a number that may leave the range": (
        CONDITION,
        'condition: "age_years * 9007199254740992 * 1000 > limit"',
        r"rules\.age\.condition \[XX-1\]: fails on facts.*declare minimum and maximum",
    ),
    # what no schema takes
    "an unknown section": ("\nrules:\n", "\nrulez: {}\nrules:\n", r"rulez: Extra inputs"),
    "a decimal without quotes": (
        "value: 20",
        "value: 20.5",
        r"parameters\.hours\.value: write the decimal as text: '20\.5'",
    ),
    "a name in force before the one before it": (
        "en: Society work}}]",
        "en: Society work}}, {valid_from: 2023-01-01, name: {zh: 民政局, en: Civil affairs}}]",
        r"departments\.society_work: names must stand in order of valid_from",
    ),
}


def test_the_pack_without_a_fault_is_in_order(tmp_path: Path) -> None:
    load(write_pack(tmp_path, "trial", WHOLE))


@pytest.mark.parametrize("name", BAD)
def test_a_fault_is_told_with_its_place_and_its_mend(tmp_path: Path, name: str) -> None:
    old, new, says = BAD[name]
    assert WHOLE.count(old) >= 1
    with pytest.raises(PackRefused) as refused:
        load(write_pack(tmp_path, "trial", WHOLE.replace(old, new, 1)))
    told = str(refused.value)
    assert re.search(says, told), told
    assert re.search(r"^trial/pack\.yaml:\d+: ", told), told


def test_a_national_rule_that_no_layer_above_has_binds_nothing(tmp_path: Path) -> None:
    write_pack(tmp_path, "upper", WHOLE)
    body = """
articles:
  YY-1: {status: duty, refs: ["relation:agreement"]}
relations:
  agreement:
    label: {zh: 协议, en: Agreement}
    national_rules: [probation, pension]
    removal: as_agreed
    article: YY-1
    words: 签订协议
"""
    with pytest.raises(
        PackRefused, match=r"national_rules\[1\] \[YY-1\]: no national rule 'pension'; name one of: probation"
    ):
        load(
            write_pack(tmp_path, "lower", body, layer="county", parent="upper", prefix="YY", text="第一条 签订协议。\n")
        )


def test_layers_in_a_circle_are_refused_with_the_line_of_the_parent(tmp_path: Path) -> None:
    write_pack(tmp_path, "upper", BASE, layer="league", parent="lower")
    with pytest.raises(
        PackRefused, match=r"^upper/pack\.yaml:\d+: pack\.parent: the layers form a cycle over 'lower'; break it"
    ):
        load(write_pack(tmp_path, "lower", BASE, layer="county", parent="upper"))


def trial_version(root: Path, folder: str, version: str, effective: str, before: str | None = None) -> None:
    written = write_pack(root, folder)
    file = written / "pack.yaml"
    end = f"\n  effective_before: {before}" if before else ""
    text = file.read_text(encoding="utf-8")
    text = text.replace(f"id: {folder}", "id: trial").replace('version: "1"', f'version: "{version}"')
    file.write_text(text.replace("effective: 2024-01-01", f"effective: {effective}{end}"), encoding="utf-8")


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (("1", "2024-01-01", None), ("2", "2025-01-01", None), OVERLAP),
        (("1", "2024-01-01", "2025-01-02"), ("2", "2025-01-01", None), r"overlaps version 1"),
        (("1", "2024-01-01", "2025-01-01"), ("1", "2025-01-01", None), TWICE),
        (("1", "2024-01-01", "2025-01-01"), ("2", "2025-01-01", None), None),
    ],
)
def test_versions_of_one_regulation_do_not_overlap(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: tuple[str, str, str | None],
    second: tuple[str, str, str | None],
    says: str | None,
) -> None:
    trial_version(tmp_path, "first", *first)
    trial_version(tmp_path, "second", *second)
    monkeypatch.setattr(regulation, "pack_folders", lambda: sorted(tmp_path.iterdir()))
    found = list(regulation.overlaps_of(sorted(tmp_path.iterdir())))
    assert (found == []) if says is None else any(re.search(says, each) for each in found), found


def test_the_command_exits_non_zero_and_the_pack_in_force_stays(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, "trial", WHOLE)
    standing = load(folder)
    known = standing.digest
    file = folder / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("age_years <= limit", "years <= limit"), encoding="utf-8")
    result = RUNNER.invoke(regulation.app, ["check", str(folder)])
    assert (result.exit_code, "1 faults" in result.output) == (1, True)
    with pytest.raises(PackRefused):
        load(folder)
    assert standing.digest == known
    assert standing.evaluate("age", {"age_years": 35}).outcome == "met"
