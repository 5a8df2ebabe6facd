"""Small packs for tests: a folder per layer, written as a policy officer would write them."""

from pathlib import Path

HEAD = """
language: 1
pack:
  id: {name}
  version: "1"
  layer: {layer}
  parent: {parent}
  title: {{zh: 试验办法, en: Trial regulation}}
  jurisdiction: {{zh: 试验地区, en: Trial region}}
  issued: 2024-01-01
  effective: 2024-01-01
  texts: [{{prefix: {prefix}, file: text.txt, complete: true, source: {{zh: 试验, en: Trial}}}}]
"""
TEXT = "第一条 年龄一般在三十五周岁以下，学历不限。\n第二条 培训不少于20学时。\n"
BASE = """
levels:
  region: {name: {zh: 省, en: Province}}
  county: {name: {zh: 县, en: County}}
departments:
  society_work: {names: [{valid_from: 2024-01-01, name: {zh: 社会工作部, en: Society work}}], levels: [region, county]}
facts:
  age_years: {kind: int, minimum: 0, maximum: 150, label: {zh: 周岁, en: Age}}
  citizen: {kind: bool, label: {zh: 公民, en: Citizen}}
  grade: {kind: text, label: {zh: 等次, en: Grade}, values: {good: {zh: 优秀, en: Good}, poor: {zh: 较差, en: Poor}}}
  decision:
    kind: text
    label: {zh: 决定, en: Decision}
    values: {none: {zh: 无, en: None}, granted: {zh: 同意, en: Granted}, refused: {zh: 不同意, en: Refused}}
articles:
  XX-1: {status: rule, refs: ["rule:age"]}
  XX-2: {status: parameter, refs: ["parameter:hours"]}
parameters:
  hours:
    kind: int
    label: {zh: 学时, en: Hours}
    tightening: min
    article: XX-2
    words: 培训不少于20学时
    value: 20
  age_limit: {kind: int, label: {zh: 上限, en: Limit}, article: XX-1, words: 年龄一般在三十五周岁以下, value: 35}
rules:
  age:
    group: eligibility
    kind: soft
    article: XX-1
    words: 年龄一般在三十五周岁以下
    message: {zh: 年龄, en: Age}
    uses: {limit: age_limit}
    condition: age_years <= limit
    value: age_years
"""


def write_pack(
    root: Path,
    name: str,
    body: str = BASE,
    *,
    layer: str = "region",
    parent: str = "null",
    prefix: str = "XX",
    text: str = TEXT,
) -> Path:
    """Write a pack folder and return it."""
    folder = root / name
    folder.mkdir()
    head = HEAD.format(name=name, layer=layer, parent=parent, prefix=prefix)
    (folder / "pack.yaml").write_text(head + body, encoding="utf-8")
    (folder / "text.txt").write_text(text, encoding="utf-8")
    return folder
