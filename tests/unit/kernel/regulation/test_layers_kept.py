"""What a lower layer leaves out stays: bounds, setters, what is owed, times of steps, the way of counting years."""

from pathlib import Path

import pytest

from kernel.regulation import Pack, PackRefused, load
from tests.unit.kernel.regulation.factory import BASE, write_pack

TEXT = "第一条 培训不少于24学时。\n"
ARTICLES = """
articles:
  YY-1: {status: parameter, refs: ["meta:effective"]}
"""
OPEN = "  rate: {kind: decimal, label: {zh: 费率, en: Rate}, STATE, minimum: 5, maximum: 12, set_by: SETTER}\n"
SETTER = "{department: society_work, level: county}"
CITED = "article: XX-1, words: 学历不限"
LOWER_RATE = "parameters:\n  rate: {kind: decimal, label: {zh: 费率, en: Rate}, article: YY-1, words: 培训, STATE}\n"
WORKFLOW = """
workflows:
  hire:
    label: {zh: 聘用, en: Hire}
    article: ARTICLE
    words: WORDS
    subject: hire
    subject_levels: [county]
    steps:
      - id: publicity
        kind: publicize
        label: {zh: 公示, en: Publicity}
        by: {department: society_work, level: subject}
        article: ARTICLE
        words: WORDS
        period: PERIOD
        blocks: true
"""
LOWER_HOURS = """
parameters:
  hours: {kind: int, label: {zh: 学时, en: Hours}, tightening: min, article: YY-1, words: 培训不少于24学时, value: 24}
"""
FIVE = "{count: 5, unit: working}"


def upper(state: str = f"deferred: county, {CITED}") -> str:
    return BASE.replace("\nrules:\n", f"\n{OPEN.replace('STATE', state).replace('SETTER', SETTER)}rules:\n", 1)


def lay(root: Path, above: str, below: str, layer: str = "county") -> Pack:
    write_pack(root, "upper", above)
    return load(write_pack(root, "lower", ARTICLES + below, layer=layer, parent="upper", prefix="YY", text=TEXT))


@pytest.mark.parametrize("value", ["4.9", "12.1"])
def test_a_decimal_filled_in_stays_within_the_bounds_on_every_day(tmp_path: Path, value: str) -> None:
    dated = f"dated: [{{valid_from: 2024-01-01, value: '5'}}, {{valid_from: 2025-01-01, value: '{value}'}}]"
    with pytest.raises(PackRefused, match=r"must lie between 5 and 12 \(the layer above: upper/pack\.yaml:\d+\)"):
        lay(tmp_path, upper(), LOWER_RATE.replace("STATE", dated))


def test_bounds_and_setter_above_hold_for_a_figure_that_is_named_again(tmp_path: Path) -> None:
    pack = lay(tmp_path, upper(), LOWER_RATE.replace("STATE", "deferred: county"), layer="league")
    kept = pack.document.parameters["rate"]
    assert (kept.minimum, kept.maximum) == (5, 12)
    assert kept.set_by is not None
    assert kept.set_by.level == "county"


@pytest.mark.parametrize("wider", ["minimum: 4", "maximum: 13"])
def test_bounds_are_narrowed_and_never_widened(tmp_path: Path, wider: str) -> None:
    with pytest.raises(PackRefused, match=r"widens the bounds above \(5 to 12\).*upper/pack\.yaml:\d+"):
        lay(tmp_path, upper(), LOWER_RATE.replace("STATE", f"deferred: county, {wider}"), layer="league")


def test_what_is_owed_above_is_not_regulated_away(tmp_path: Path) -> None:
    below = "parameters:\n  rate: {kind: decimal, label: {zh: 费率, en: Rate}, absent: true}\n"
    assert lay(tmp_path, upper(), below).parameter("rate").state == "deferred"


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("{count: 4, unit: working}", "loosens"),
        ("{count: 5, unit: calendar}", "loosens"),
        ("{count: 7, unit: working}", ""),
    ],
)
def test_publicity_may_last_longer_and_not_shorter(tmp_path: Path, period: str, says: str) -> None:
    above = BASE + WORKFLOW.replace("ARTICLE", "XX-1").replace("WORDS", "学历不限").replace("PERIOD", FIVE)
    below = WORKFLOW.replace("ARTICLE", "YY-1").replace("WORDS", "培训").replace("PERIOD", period)
    if says:
        with pytest.raises(PackRefused, match=says):
            lay(tmp_path, above, LOWER_HOURS + below)
        return
    workflow = lay(tmp_path, above, LOWER_HOURS + below).workflow("hire")
    assert workflow is not None
    assert workflow.steps[0].period is not None
    assert workflow.steps[0].period.count == 7


def test_the_way_of_counting_years_stays_unless_it_is_said(tmp_path: Path) -> None:
    above = BASE + "calendar: {age_convention: day_after_birthday}\n"
    pack = lay(tmp_path, above, LOWER_HOURS + "calendar: {overlay_required: true}\n")
    assert (pack.age_convention, pack.calendar.overlay_required) == ("day_after_birthday", True)


def test_four_layers_each_tighten_what_stands_above(tmp_path: Path) -> None:
    write_pack(tmp_path, "top", BASE, layer="national")
    above = "top"
    for layer, hours in (("region", 24), ("league", 30), ("county", 36)):
        body = (ARTICLES + LOWER_HOURS).replace("value: 24", f"value: {hours}").replace("YY-1", f"{layer.upper()}-1")
        write_pack(tmp_path, layer, body, layer=layer, parent=above, prefix=layer.upper(), text=TEXT)
        above = layer
    pack = load(tmp_path / "county")
    assert pack.parameter("hours").integer() == 36
    assert [each.id for each in pack.lineage] == ["top", "region", "league", "county"]
    file = tmp_path / "league" / "pack.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 30", "value: 40"), encoding="utf-8")
    with pytest.raises(PackRefused, match=r"^county/pack\.yaml:\d+: .*36 weakens the floor 40.*league/pack\.yaml:\d+"):
        load(tmp_path / "county")
