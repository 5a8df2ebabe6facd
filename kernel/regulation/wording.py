"""Members of a pack in the words of an official: figures with their unit, citations, offices, steps."""

from collections.abc import Mapping
from decimal import Decimal

from kernel.errors import Text
from kernel.regulation.schema import PackDocument, Parameter
from kernel.regulation.schema.base import Label, article_of
from kernel.regulation.schema.parameters import ParameterValue, Row
from kernel.regulation.schema.workflows import SUBJECT, BoundOffice, Office
from kernel.regulation.texts import chinese_number

UNITS: Mapping[str, Text] = {
    "basis_points": Text("%", "%"),
    "class_hours": Text("学时", " class hours"),
    "days": Text("日", " days"),
    "hours": Text("小时", " hours"),
    "households": Text("户", " households"),
    "minutes": Text("分钟", " minutes"),
    "months": Text("个月", " months"),
    "percent": Text("%", "%"),
    "persons": Text("人", " persons"),
    "places": Text("位", " places"),
    "points": Text("分", " points"),
    "times": Text("次", " times"),
    "working_days": Text("个工作日", " working days"),
    "years": Text("年", " years"),
    "years_of_age": Text("周岁", " years of age"),
    "yuan": Text("元", " yuan"),
}
FIELDS: Mapping[str, Text] = {
    "age_convention": Text("周岁计算方式", "how age is counted"),
    "article": Text("所在条款", "article"),
    "basis": Text("制定依据", "basis"),
    "by": Text("承办部门", "acting office"),
    "category": Text("人员类别", "category"),
    "counts_in_headcount": Text("是否计入职数", "counts in the headcount"),
    "decision": Text("决定事项", "decision"),
    "deferred": Text("制定层级", "level that sets it"),
    "due": Text("办理期限", "time to act"),
    "effective": Text("施行日期", "day of force"),
    "effective_before": Text("失效日期", "first day out of force"),
    "full_time": Text("是否专职", "full time"),
    "interpreter": Text("解释机关", "interpreting organ"),
    "issued": Text("印发日期", "day of issue"),
    "issuer": Text("制定机关", "issuing organ"),
    "items": Text("事项", "items"),
    "jurisdiction": Text("适用地区", "jurisdiction"),
    "kind": Text("类型", "kind"),
    "label": Text("名称", "name"),
    "levels": Text("设置层级", "levels"),
    "message": Text("名称", "name"),
    "name": Text("名称", "name"),
    "names": Text("名称", "names"),
    "once_per_community": Text("是否每社区一人", "one in each community"),
    "optional": Text("是否可选", "optional"),
    "ours": Text("说明", "reason of ours"),
    "period": Text("公示期", "publicity"),
    "reading": Text("条文理解", "reading"),
    "reason": Text("理由", "reason"),
    "relation": Text("用工关系", "relation"),
    "relations": Text("用工关系", "relations"),
    "removal": Text("免除方式", "removal"),
    "runner_levels": Text("组织层级", "levels that run it"),
    "source": Text("出处", "source"),
    "status": Text("处理方式", "what became of it"),
    "subject_levels": Text("适用层级", "levels it is written for"),
    "suggestion": Text("建议", "suggestion"),
    "text": Text("条文", "text"),
    "title": Text("办法名称", "title"),
    "unbound": Text("所缺文件", "missing document"),
    "unit": Text("单位", "unit"),
    "values": Text("取值", "values"),
    "words": Text("条文用语", "words"),
}
DUTIES: Mapping[str, Text] = {
    "handler": Text("经办", "handler"),
    "approver": Text("审批", "approver"),
    "viewer": Text("查阅", "viewer"),
}
YES = {True: Text("是", "yes"), False: Text("否", "no")}
NOTHING = Text("（空）", "(nothing)")


def both(zh: str, en: str, *parts: Text) -> Text:
    """The two sentences with the parts filled in, `{0}`, `{1}` …"""
    return Text(zh.format(*(each.zh for each in parts)), en.format(*(each.en for each in parts)))


def field(name: str) -> Text:
    """What a field of the pack language is called."""
    return FIELDS.get(name, Text(name, name))


def joined(parts: list[Text], zh: str = "、", en: str = ", ") -> Text:
    """Parts in a row."""
    return Text(zh.join(each.zh for each in parts), en.join(each.en for each in parts)) if parts else NOTHING


def name_of(label: Label) -> Text:
    """A label without what its brackets explain at the end."""
    zh = label.zh.partition("（")[0] if label.zh.endswith("）") else label.zh
    return Text(zh or label.zh, label.en)


def cited(number: str | None, own: str | None) -> Text:
    """`NM-9(2)` as 第九条第（二）项; the number of another text keeps its sign. Empty without a number.

    `own`: the sign of the regulation's own text.
    """
    if number is None:
        return Text("", "")
    prefix, _, whole = article_of(number).partition("-")
    item = number.partition("(")[2].rstrip(")")
    sign = "" if prefix == own else prefix
    zh = f"{sign}第{chinese_number(int(whole))}条" + (f"第（{chinese_number(int(item))}）项" if item else "")
    en = f"{sign} article {whole}".strip() + (f"({item})" if item else "")
    return Text(zh, en)


class Wording:
    """Words for the members of one document."""

    def __init__(self, document: PackDocument) -> None:
        self.document = document
        self.own = document.pack.texts[0].prefix if document.pack.texts else None
        sections = (document.roles, document.categories, document.relations)
        self._labels: dict[str, Text] = {
            **{code: each.name.text() for code, each in document.levels.items()},
            **{kind: each.names[-1].name.text() for kind, each in document.departments.items()},
            **{name: member.label.text() for section in sections for name, member in section.items()},
        }

    def word(self, code: str) -> Text:
        """What the pack calls a level, department, role, category or relation; anything else stays as it is."""
        return self._labels.get(code, Text(code, code)) if code else NOTHING

    def figure(self, parameter: Parameter) -> Text:
        """The value of a parameter, or why it has none."""
        if parameter.value is not None:
            return self.value(parameter.value, parameter.unit)
        if parameter.dated:
            dated = [
                both(
                    f"自{each.valid_from}起{{0}}",
                    f"{{0}} from {each.valid_from}",
                    self.value(each.value, parameter.unit),
                )
                for each in parameter.dated
            ]
            return joined(dated, "，", ", ")
        if parameter.deferred:
            return both("由{0}制定", "left to the {0}", self.word(parameter.deferred))
        if parameter.national:
            return Text(f"适用国家规定（{parameter.national}）", f"by statute ({parameter.national})")
        if parameter.unresolved:
            return Text(
                f"载于未取得的文件《{parameter.unresolved}》", f"in a document not held: {parameter.unresolved}"
            )
        return Text("未作规定", "not regulated")

    def value(self, value: ParameterValue, unit: str | None = None) -> Text:
        """A value with its unit."""
        if isinstance(value, bool):
            return YES[value]
        if isinstance(value, list):
            return joined([self.row(each) if isinstance(each, dict) else self.value(each, unit) for each in value])
        if unit is None:
            return self.word(value) if isinstance(value, str) else Text(str(value), str(value))
        shown = str(Decimal(value) / 100) if unit == "basis_points" else str(value)
        return both(f"{shown}{{0}}", f"{shown}{{0}}", UNITS.get(unit, Text(unit, f" {unit}")))

    def row(self, row: Row) -> Text:
        """One row of a table."""
        return joined(
            [both(f"{name}={{0}}", f"{name}={{0}}", self.value(cell)) for name, cell in row.items()], " ", " "
        )

    def office(self, by: Office | BoundOffice) -> Text:
        """Who acts: level and department, or the parameter that names them."""
        if isinstance(by, BoundOffice):
            parameter = self.document.parameters.get(by.parameter)
            named = name_of(parameter.label) if parameter else Text(by.parameter, by.parameter)
            return both("“{0}”所定部门", "the office set by {0}", named)
        level = Text("同级", "its own level") if by.level == SUBJECT else self.word(by.level)
        return both("{0}{1}", "{1} ({0})", level, self.word(by.department))
