"""A lower layer fills in or tightens, and never weakens; a weakening names both lines."""

from pathlib import Path

import pytest

from kernel.regulation import Pack, PackRefused, load
from tests.unit.kernel.regulation.factory import BASE, write_pack

LOWER_TEXT = "第一条 培训不少于24学时。\n"
LOWER = """
articles:
  YY-1: {status: parameter, refs: ["parameter:hours"]}
parameters:
  hours: {kind: int, label: {zh: 学时, en: Hours}, tightening: min, article: YY-1, words: 培训不少于24学时, value: 24}
"""
SILENT = """
  open_figure: {kind: int, label: {zh: 空白, en: Open}, STATE, minimum: 1, maximum: 9}
"""
CITED = "article: XX-1, words: 学历不限"


def lay(root: Path, upper: str, lower: str, *, layer: str = "county") -> Pack:
    write_pack(root, "upper", upper)
    return load(write_pack(root, "lower", lower, layer=layer, parent="upper", prefix="YY", text=LOWER_TEXT))


def test_a_lower_layer_may_tighten_a_floor(tmp_path: Path) -> None:
    pack = lay(tmp_path, BASE, LOWER)
    assert pack.parameter("hours").integer() == 24
    assert pack.parameter("hours").article == "YY-1"
    assert [layer.id for layer in pack.lineage] == ["upper", "lower"]


def test_what_a_lower_layer_leaves_out_stays_in_force(tmp_path: Path) -> None:
    pack = lay(tmp_path, BASE, LOWER)
    assert pack.evaluate("age", {"age_years": 35}).outcome == "met"


def test_a_weakening_names_both_lines(tmp_path: Path) -> None:
    lower = LOWER.replace("value: 24", "value: 19")
    with pytest.raises(PackRefused) as refused:
        lay(tmp_path, BASE, lower)
    fault = refused.value.faults[0]
    assert (fault.file, fault.line, fault.article) == ("lower/pack.yaml", 17, "YY-1")
    assert "19 weakens the floor 20" in fault.message.en
    assert "upper/pack.yaml:31" in fault.message.en


def test_a_figure_without_a_direction_may_only_be_filled_in(tmp_path: Path) -> None:
    lower = LOWER.replace("hours:", "age_limit:").replace("parameter:hours", "parameter:age_limit")
    with pytest.raises(PackRefused, match="already fixed above"):
        lay(tmp_path, BASE, lower.replace("tightening: min, ", ""))


def test_silence_below_leaves_the_figure_above(tmp_path: Path) -> None:
    lower = LOWER.replace("tightening: min, article: YY-1, words: 培训不少于24学时, value: 24", "absent: true")
    assert lay(tmp_path, BASE, lower).parameter("hours").integer() == 20


def filled(root: Path, state: str, *, value: int = 5, layer: str = "county") -> Pack:
    upper = BASE.replace("rules:", SILENT.replace("STATE", state).lstrip("\n") + "rules:")
    lower = (
        LOWER
        + f"  open_figure: {{kind: int, label: {{zh: 空白, en: Open}}, article: YY-1, words: 培训, value: {value}}}\n"
    )
    return lay(root, upper, lower, layer=layer)


@pytest.mark.parametrize("state", ["absent: true", f"deferred: county, {CITED}", f"unresolved: 文件, {CITED}"])
def test_an_open_figure_is_filled_in(tmp_path: Path, state: str) -> None:
    assert filled(tmp_path, state).parameter("open_figure").integer() == 5


def test_only_the_level_that_the_text_names_fills_in(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="left to the level 'county', not 'league'"):
        filled(tmp_path, f"deferred: county, {CITED}", layer="league")


@pytest.mark.parametrize("value", [0, 10])
def test_a_figure_filled_in_stays_within_the_bounds_above(tmp_path: Path, value: int) -> None:
    with pytest.raises(PackRefused, match="between 1 and 9"):
        filled(tmp_path, "absent: true", value=value)


def test_a_rule_above_is_not_rewritten(tmp_path: Path) -> None:
    rule = """
rules:
  age: {group: eligibility, kind: hard, article: YY-1, words: 培训, message: {zh: 年龄, en: Age}, condition: citizen}
"""
    with pytest.raises(PackRefused, match=r"rules\.age \[YY-1\]: already fixed above"):
        lay(tmp_path, BASE, LOWER + rule)


STEPS = """
workflows:
  plan:
    label: {{zh: 方案, en: Plan}}
    article: {article}
    words: {words}
    subject: plan
    subject_levels: [county]
    steps:
{steps}
"""
STEP = """      - id: {kind}
        kind: {kind}
        label: {{zh: 步骤, en: Step}}
        by: {{department: society_work, level: region}}
        article: {article}
        words: {words}
        blocks: {blocks}
"""
UPPER, LOW = ("XX-1", "学历不限"), ("YY-1", "培训")


def step(kind: str, cited: tuple[str, str], blocks: str = "true") -> str:
    return STEP.format(kind=kind, article=cited[0], words=cited[1], blocks=blocks)


def workflow(article: str, words: str, *steps: str) -> str:
    return STEPS.format(article=article, words=words, steps="".join(steps))


def test_a_lower_layer_may_add_a_step_and_let_a_filing_block(tmp_path: Path) -> None:
    upper = BASE + workflow(*UPPER, step("file", UPPER, "false"))
    steps = (step("review", LOW), step("file", LOW))
    found = lay(tmp_path, upper, LOWER + workflow(*LOW, *steps)).workflow("plan")
    assert found is not None
    assert [each.id for each in found.steps] == ["review", "file"]


def test_a_lower_layer_may_not_drop_or_loosen_a_step(tmp_path: Path) -> None:
    upper = BASE + workflow(*UPPER, step("review", UPPER))
    lower = LOWER + workflow(*LOW, step("file", LOW, "false"))
    with pytest.raises(PackRefused, match="drops, reorders or loosens"):
        lay(tmp_path, upper, lower)


def test_a_lower_layer_may_narrow_a_grant_and_not_widen_it(tmp_path: Path) -> None:
    grant = "permissions:\n  roster.duty.read: [{{departments: [society_work], levels: [{0}], duties: [viewer]}}]\n"
    upper = BASE + grant.format("region, county")
    pack = lay(tmp_path, upper, LOWER + grant.format("county"))
    assert [each.levels for each in pack.grants("roster.duty.read")] == [["county"]]
    (tmp_path / "second").mkdir()
    with pytest.raises(PackRefused, match="grants more than the layer above"):
        lay(tmp_path / "second", BASE + grant.format("county"), LOWER + grant.format("region, county"))


def test_a_cycle_of_layers_and_a_missing_parent_are_refused(tmp_path: Path) -> None:
    write_pack(tmp_path, "upper", BASE, layer="league", parent="lower")
    with pytest.raises(PackRefused, match="form a cycle"):
        load(write_pack(tmp_path, "lower", LOWER, layer="county", parent="upper", prefix="YY", text=LOWER_TEXT))
    with pytest.raises(PackRefused, match="no pack 'nobody' beside"):
        load(write_pack(tmp_path, "alone", LOWER, parent="nobody", prefix="YY", text=LOWER_TEXT))


def test_a_layer_lies_below_its_parent(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="must lie below"):
        lay(tmp_path, BASE, LOWER, layer="region")
