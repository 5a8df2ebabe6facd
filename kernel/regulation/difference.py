"""What one version of a regulation changes against another, in words that an official understands (P6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kernel.access.permission import declared
from kernel.errors import Text
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Parameter, Procedure, Rule, WorkflowDefinition
from kernel.regulation.schema.base import Label, article_order
from kernel.regulation.schema.parameters import ParameterValue, Row
from kernel.regulation.wording import DUTIES, NOTHING, Wording, both, cited, field, joined, name_of

Ordered = WorkflowDefinition | Procedure
ChangeKind = Literal["added", "removed", "changed"]
SECTIONS: Mapping[str, Text] = {
    "articles": Text("条文", "Article"),
    "parameters": Text("数值", "Figure"),
    "rules": Text("条件", "Condition"),
    "relaxations": Text("放宽", "Relaxation"),
    "workflows": Text("审批流程", "Workflow"),
    "procedures": Text("办理程序", "Procedure"),
    "lists": Text("事项清单", "List"),
    "roles": Text("职务", "Post"),
    "categories": Text("人员类别", "Category"),
    "relations": Text("用工关系", "Relation"),
    "levels": Text("层级", "Level"),
    "departments": Text("部门", "Department"),
    "permissions": Text("权限", "Permission"),
    "facts": Text("事实", "Fact"),
}
OUTCOME_WORDS = {
    "hard": Text("硬性条件", "a hard condition"),
    "soft": Text("一般条件（不符合的由人工认定）", "a soft condition (people decide on what does not pass)"),
    "judgement": Text("由人工认定", "a human determination"),
}
META = ("title", "jurisdiction", "issuer", "interpreter", "basis", "issued", "effective", "effective_before")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the section and member of the pack, the article it stands in, and the sentence."""

    section: str
    member: str
    kind: ChangeKind
    article: str | None
    text: Text


def differences(earlier: Pack, later: Pack) -> list[Change]:
    """Every difference between the two, in the order of the text; what has no article comes last."""
    found = list(_Compared(earlier, later).changes())
    return sorted(found, key=lambda each: (article_order(each.article), each.section, each.member))


class _Compared:
    def __init__(self, earlier: Pack, later: Pack) -> None:
        self.before, self.after = earlier.document, later.document
        self.was, self.now = Wording(self.before), Wording(self.after)

    def changes(self) -> Iterator[Change]:
        yield from self._meta()
        ways: Mapping[str, Callable[[Any, Any], Iterator[Text]]] = {
            "parameters": self._parameter,
            "rules": self._rule,
            "workflows": self._steps,
            "procedures": self._steps,
            "permissions": self._permission,
        }
        for section in SECTIONS:
            yield from self._section(section, ways.get(section, self._fields))
        yield from self._calendar()

    def _section(self, section: str, ways: Callable[[Any, Any], Iterator[Text]]) -> Iterator[Change]:
        before, after = getattr(self.before, section), getattr(self.after, section)
        for member in sorted(before.keys() | after.keys()):
            old, new = before.get(member), after.get(member)
            if old == new:
                continue
            article = self._article(section, member, new if new is not None else old)
            name = self._name(section, member, new if new is not None else old)
            if old is None or new is None:
                yield Change(section, member, *self._one_sided(section, name, old, new, article))
                continue
            for sentence in ways(old, new):
                text = both("{0}{1}{2}", "{0}: {1}{2}", name, sentence, self._bracketed(article))
                yield Change(section, member, "changed", article, text)

    def _one_sided(
        self, section: str, name: Text, old: Any, new: Any, article: str | None
    ) -> tuple[ChangeKind, str | None, Text]:
        kind: ChangeKind = "added" if old is None else "removed"
        verb = Text("新增", "added") if kind == "added" else Text("删去", "removed")
        value = NOTHING
        if section == "parameters":
            value = (self.now if old is None else self.was).figure(new if old is None else old)
        shown = both("：{0}", ": {0}", value) if section == "parameters" else Text("", "")
        return (
            kind,
            article,
            both(
                "{0}{1}“{2}”{3}{4}", "{1} {0} {2}{3}{4}", verb, SECTIONS[section], name, shown, self._bracketed(article)
            ),
        )

    def _article(self, section: str, member: str, value: Any) -> str | None:
        return member if section == "articles" else getattr(value, "article", None)

    def _name(self, section: str, member: str, value: Any) -> Text:
        if section == "articles":
            return cited(member, self.now.own)
        if section == "rules":
            return name_of(value.message)
        if section == "permissions":
            known = declared().get(member)
            return known.label if known else Text(member, member)
        if section in ("levels", "departments"):
            return (self.now if member in getattr(self.after, section) else self.was).word(member)
        label: Label | None = getattr(value, "label", None) or getattr(value, "message", None)
        return name_of(label) if label else Text(member, member)

    def _bracketed(self, article: str | None) -> Text:
        return both("（{0}）", " ({0})", cited(article, self.now.own)) if article else Text("", "")

    # members

    def _parameter(self, old: Parameter, new: Parameter) -> Iterator[Text]:
        told = False
        if (old.value, old.dated, old.state()) != (new.value, new.dated, new.state()):
            told = True
            rows = self._rows(old.value, new.value) if old.kind == "rows" else None
            yield rows or _from_to(self.was.figure(old), self.now.figure(new))
        for name, zh, en in (("minimum", "下限", "lower bound"), ("maximum", "上限", "upper bound")):
            if getattr(old, name) != getattr(new, name):
                told = True
                was, now = (_plain(getattr(each, name)) for each in (old, new))
                yield both(f"的本地设定{zh}由{{0}}改为{{1}}", f"{en} of local figures from {{0}} to {{1}}", was, now)
        if old.set_by != new.set_by:
            told = True
            offices = [
                both("{0}{1}", "{1} ({0})", words.word(each.set_by.level), words.word(each.set_by.department))
                if each.set_by
                else NOTHING
                for words, each in ((self.was, old), (self.now, new))
            ]
            yield both("的本地设定机关由{0}改为{1}", "set locally by {1} instead of {0}", *offices)
        if not told:
            yield from self._fields(old, new)

    def _rows(self, old: ParameterValue | None, new: ParameterValue | None) -> Text | None:
        """Row by row, where the first column tells the rows apart."""
        was, now = _keyed(old), _keyed(new)
        if was is None or now is None:
            return None
        said: list[Text] = []
        for key in [*was, *(each for each in now if each not in was)]:
            name = self.now.word(key)
            if key not in now:
                said.append(both("删去“{0}”", "{0} removed", name))
            elif key not in was:
                said.append(both("新增“{0}”：{1}", "{0} added: {1}", name, self.now.row(now[key])))
            else:
                for column in sorted({*was[key], *now[key]}):
                    cells = (was[key].get(column, ""), now[key].get(column, ""))
                    if cells[0] != cells[1]:
                        shown = (self.was.value(cells[0]), self.now.value(cells[1]))
                        said.append(
                            both(
                                f"“{{0}}”的{column}由{{1}}改为{{2}}",
                                f"{{0}}, {column}: from {{1}} to {{2}}",
                                name,
                                *shown,
                            )
                        )
        return both("：{0}", "{0}", joined(said, "；", "; "))

    def _rule(self, old: Rule, new: Rule) -> Iterator[Text]:
        told = False
        if old.kind != new.kind:
            told = True
            yield _from_to(OUTCOME_WORDS[old.kind], OUTCOME_WORDS[new.kind])
        if (old.words, old.message) != (new.words, new.message):
            told = True
            yield both(
                "：条文由“{0}”改为“{1}”", "words from “{0}” to “{1}”", *(_plain(each.words) for each in (old, new))
            )
        for member, zh, en in (
            ("condition", "判断条件", "condition"),
            ("doubt", "须人工认定的情形", "facts that need a human"),
            ("when_true", "符合条件时的结论", "outcome where it holds"),
            ("when_false", "不符合条件时的结论", "outcome where it does not hold"),
            ("relaxable_by", "可以放宽的依据", "what may relax it"),
        ):
            was, now = getattr(old, member), getattr(new, member)
            if was != now:
                told = True
                yield both(f"的{zh}由{{0}}改为{{1}}", f"{en} from {{0}} to {{1}}", _plain(was), _plain(now))
        if not told:
            yield from self._fields(old, new)

    def _steps(self, old: Ordered, new: Ordered) -> Iterator[Text]:
        was, now = ({each.id: each for each in ordered.steps} for ordered in (old, new))
        told = False
        for name in [*was, *(each for each in now if each not in was)]:
            if was.get(name) != now.get(name):
                told = True
                yield self._step(was.get(name), now.get(name))
        kept = [[each for each in order if each in was and each in now] for order in (was, now)]
        if kept[0] != kept[1]:
            told = True
            orders = [joined([now[each].label.text() for each in order], "→", " → ") for order in kept]
            yield both("的步骤顺序由{0}改为{1}", "order of steps from {0} to {1}", *orders)
        if not told:
            yield from self._fields(old, new)

    def _step(self, old: Any, new: Any) -> Text:
        if old is None:
            return both("增加“{0}”步骤（{1}）", "step {0} added ({1})", new.label.text(), self._actors(self.now, new))
        if new is None:
            return both("取消“{0}”步骤（{1}）", "step {0} removed ({1})", old.label.text(), self._actors(self.was, old))
        offices = (self._actors(self.was, old), self._actors(self.now, new))
        if offices[0] != offices[1]:
            return both(
                "的“{0}”步骤由{1}办理改为由{2}办理", "step {0} by {2} instead of {1}", new.label.text(), *offices
            )
        return both(
            "的“{0}”步骤：{1}", "step {0}: {1}", new.label.text(), joined(list(self._fields(old, new)), "；", "; ")
        )

    @staticmethod
    def _actors(words: Wording, step: Any) -> Text:
        offices = step.by if isinstance(step.by, list) else [step.by, *step.partners]
        return joined([words.office(each) for each in offices])

    def _permission(self, old: list[Any], new: list[Any]) -> Iterator[Text]:
        held = []
        for words, grants in ((self.was, old), (self.now, new)):
            held.append(
                {
                    (department, level, duty): both(
                        "{0}{1}（{2}）", "{1} ({0}, {2})", words.word(level), words.word(department), DUTIES[duty]
                    )
                    for grant in grants
                    for department in grant.departments
                    for level in grant.levels
                    for duty in grant.duties
                }
            )
        gained = [held[1][seat] for seat in sorted(held[1].keys() - held[0].keys())]
        lost = [held[0][seat] for seat in sorted(held[0].keys() - held[1].keys())]
        if gained:
            yield both("新授予{0}", "newly granted to {0}", joined(gained))
        if lost:
            yield both("不再授予{0}", "no longer granted to {0}", joined(lost))

    def _fields(self, old: Any, new: Any) -> Iterator[Text]:
        """Field by field, for members without words of their own."""
        for name in type(new).model_fields:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                yield both("的{0}由{1}改为{2}", "{0} from {1} to {2}", field(name), _plain(was), _plain(now))

    def _meta(self) -> Iterator[Change]:
        for name in META:
            was, now = getattr(self.before.pack, name), getattr(self.after.pack, name)
            if was != now:
                text = both("{0}由{1}改为{2}", "{0} from {1} to {2}", field(name), _plain(was), _plain(now))
                yield Change("pack", name, "changed", None, text)

    def _calendar(self) -> Iterator[Change]:
        before, after = (each.calendar.years if each.calendar else {} for each in (self.before, self.after))
        for year in sorted(before.keys() | after.keys()):
            if before.get(year) == after.get(year):
                continue
            kind: ChangeKind = "added" if year not in before else "removed" if year not in after else "changed"
            verb = {
                "added": Text("载入", "loaded"),
                "removed": Text("删去", "removed"),
                "changed": Text("修改", "changed"),
            }
            text = both(f"{{0}}{year}年的放假安排", f"holidays of {year} {{0}}", verb[kind])
            yield Change("calendar", year, kind, None, text)


def _keyed(value: ParameterValue | None) -> dict[str, Row] | None:
    rows = [each for each in value if isinstance(each, dict) and each] if isinstance(value, list) else []
    keyed = {str(next(iter(each.values()))): each for each in rows}
    return keyed if rows and len(keyed) == len(rows) else None


def _from_to(was: Text, now: Text) -> Text:
    return both("由{0}改为{1}", "from {0} to {1}", was, now)


def _plain(value: Any) -> Text:
    if value is None or value in ([], {}, ""):
        return NOTHING
    if isinstance(value, Label):
        return value.text()
    name = getattr(value, "name", None)
    if isinstance(name, Label):
        return name.text()
    if isinstance(value, list):
        return joined([_plain(each) for each in value])
    if hasattr(value, "model_dump_json"):
        value = value.model_dump_json(exclude_none=True, exclude_defaults=True)
    return Text(str(value), str(value))
