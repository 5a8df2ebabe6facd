"""A pack with faults does not load; each fault says where it stands and how to mend it (P1)."""

from pathlib import Path

import pytest

from kernel.regulation import PackRefused, load
from tests.unit.kernel.regulation.factory import BASE, TEXT, write_pack


def faults(root: Path, body: str, **options: str) -> str:
    with pytest.raises(PackRefused) as refused:
        load(write_pack(root, "trial", body, **options))
    return str(refused.value)


def test_a_pack_in_order_loads(tmp_path: Path) -> None:
    pack = load(write_pack(tmp_path, "trial"))
    assert pack.article("XX-1").text == "年龄一般在三十五周岁以下，学历不限。"
    assert [layer.id for layer in pack.lineage] == ["trial"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("condition: age_years <= limit", "condition: age <= limit", "trial/pack.yaml:47: rules.age.condition [XX-1]"),
        ("condition: age_years <= limit", "condition: age_years", "must be true or false"),
        ("condition: age_years <= limit", "condition: age_years == 'x'", "has no sense"),
        ("words: 培训不少于20学时", "words: 培训不少于30学时", "quote the text exactly"),
        ("article: XX-2\n    words", "article: XX-9\n    words", "which `articles` does not list"),
        ('refs: ["parameter:hours"]', 'refs: ["parameter:minutes"]', "'parameter:minutes' does not exist"),
        ("  XX-2: {status: parameter", "  XX-3: {status: parameter", "text.txt has no such article"),
        ("uses: {limit: age_limit}", "uses: {limit: nothing}", "no parameter 'nothing'"),
        ("uses: {limit: age_limit}", "uses: {age_years: age_limit}", "is the name of a fact"),
        ("kind: soft", "kind: judgement", "a judgement has no condition"),
        ("value: 20", "value: '20'", "not of kind 'int'"),
        ("value: 20", "value: 20\n    absent: true", "exactly one of"),
        ("group: eligibility", "group: eligibility\n    relaxable_by: [lift]", "has no bound for this rule"),
        ("levels: [region, county]}", "levels: [region, county]}\nworkflows: {}\nworkflow: {}", "Extra inputs"),
    ],
)
def test_a_fault_says_where_it_is_and_how_to_mend_it(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in BASE
    assert says in faults(tmp_path, BASE.replace(old, new, 1))


def test_an_article_of_the_text_that_is_not_listed_is_a_fault(tmp_path: Path) -> None:
    assert "XX-3 is not listed" in faults(tmp_path, BASE, text=TEXT + "第三条 其他。\n")


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    body = BASE.replace("age_years <= limit", "age <= limit").replace("words: 培训", "words: 训练")
    assert len(faults(tmp_path, body).splitlines()) == 2


WORKFLOW = """
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


def test_a_workflow_names_departments_that_stand_at_the_level(tmp_path: Path) -> None:
    body = BASE + WORKFLOW.replace("level: region", "level: league")
    assert "does not stand at level 'league'" in faults(tmp_path, body)


def test_words_quoted_in_a_step_are_proved_too(tmp_path: Path) -> None:
    body = BASE + WORKFLOW.replace("        words: 学历不限", "        words: 学历有限")
    assert "workflows.plan.steps[0].words [XX-1]" in faults(tmp_path, body)


def test_a_grant_names_departments_that_stand_at_the_level(tmp_path: Path) -> None:
    grant = (
        "\npermissions:\n  roster.duty.read: [{departments: [society_work], levels: [township], duties: [viewer]}]\n"
    )
    assert "does not stand at: township" in faults(tmp_path, BASE + grant)


def test_a_missing_text_or_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, "trial")
    (folder / "text.txt").unlink()
    with pytest.raises(PackRefused, match=r"no file 'text\.txt'"):
        load(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackRefused, match="no YAML file"):
        load(tmp_path / "empty")
