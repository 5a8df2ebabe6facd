"""Reading one parameter: a figure, or the reason why there is none. Silence is never zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from kernel.errors import ParameterNotSet, Text
from kernel.regulation.schema.parameters import Parameter, ParameterKind, ParameterValue

FigureState = Literal["set", "not_regulated", "national", "deferred", "unresolved"]


class NotRegulated(ParameterNotSet):
    """The regulation does not say: a caller that needs a figure cannot go on, one that asks first is told so."""

    name: ClassVar[str] = "not-regulated"
    title: ClassVar[Text] = Text("本办法未作规定", "Not regulated here")
    advice: ClassVar[Text] = Text(
        "本办法没有这一规定，此项不适用", "This regulation has no such figure; it does not apply."
    )


class OutsideValidity(ParameterNotSet):
    """The figure is dated, and the day lies before its first date."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it stands on a day. `state` may be asked before a value is read."""

    path: str
    parameter: Parameter
    on: date | None = None

    @property
    def state(self) -> FigureState:
        """`set`, or why not: not_regulated, national (statute applies), deferred or unresolved."""
        match self.parameter.state():
            case "value" | "dated":
                return "set"
            case "absent":
                return "not_regulated"
            case "national":
                return "national"
            case "deferred":
                return "deferred"
        return "unresolved"

    @property
    def article(self) -> str | None:
        """The article that the figure stands in."""
        return self.parameter.article

    @property
    def words(self) -> str | None:
        """The words that the figure rests on."""
        return self.parameter.words

    @property
    def source(self) -> str | None:
        """The document that the value stands in, where that is not the article's own text."""
        if self.parameter.dated and self.on is not None:
            held = [each for each in self.parameter.dated if each.valid_from <= self.on]
            return (held[-1].source if held else None) or self.parameter.source
        return self.parameter.source

    @property
    def document(self) -> str | None:
        """The document that is waited for, where the state is `unresolved`."""
        return self.parameter.unresolved

    @property
    def statute(self) -> str | None:
        """The statute that applies instead, where the state is `national`."""
        return self.parameter.national

    def integer(self) -> int:
        """A whole number in the parameter's unit; raises `ParameterNotSet` (`NotRegulated` when absent)."""
        value = self._value("int")
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{self.path} is no whole number")
        return value

    def decimal(self) -> Decimal:
        """An exact decimal; raises as `integer` does."""
        return Decimal(str(self._value("decimal")))

    def text(self) -> str:
        """A text; raises as `integer` does."""
        return str(self._value("text"))

    def boolean(self) -> bool:
        """A flag; raises as `integer` does."""
        return self._value("bool") is True

    def day(self) -> date:
        """A date; raises as `integer` does."""
        return date.fromisoformat(str(self._value("date")))

    def texts(self) -> list[str]:
        """A list of codes; raises as `integer` does."""
        value = self._value("texts")
        return [str(item) for item in value] if isinstance(value, list) else []

    def integers(self) -> list[int]:
        """A list of whole numbers; raises as `integer` does."""
        value = self._value("integers")
        return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []

    def rows(self) -> list[Mapping[str, int | bool | str]]:
        """The rows of a table; raises as `integer` does."""
        value = self._value("rows")
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def value(self) -> ParameterValue:
        """The value of whatever kind; raises as `integer` does."""
        return self._value(self.parameter.kind)

    def _value(self, kind: ParameterKind) -> ParameterValue:
        parameter = self.parameter
        if parameter.kind != kind:
            raise TypeError(f"{self.path} is of kind {parameter.kind}, not {kind}")
        if parameter.value is not None:
            return parameter.value
        if parameter.dated:
            return self._dated()
        raise self._missing()

    def _dated(self) -> ParameterValue:
        if self.on is None:
            raise TypeError(f"{self.path} is dated; ask for it on a day")
        held = [each.value for each in self.parameter.dated if each.valid_from <= self.on]
        if held:
            return held[-1]
        label, first = self.parameter.label, self.parameter.dated[0].valid_from
        raise OutsideValidity(
            Text(f"“{label.zh}”自 {first} 起才有数据", f"{label.en}: no figure before {first}"),
            article=self.article,
        )

    def _missing(self) -> ParameterNotSet:
        parameter, label = self.parameter, self.parameter.label
        kind: type[ParameterNotSet] = ParameterNotSet
        if parameter.absent:
            kind = NotRegulated
            detail = Text(f"本办法未规定“{label.zh}”", f"{label.en} is not regulated here")
        elif parameter.deferred:
            detail = Text(
                f"“{label.zh}”由 {parameter.deferred} 一级制定，尚未设定",
                f"{label.en} is left to the level {parameter.deferred!r}, which has not set it",
            )
        elif parameter.national:
            detail = Text(
                f"“{label.zh}”适用国家规定（{parameter.national}）",
                f"{label.en}: the statute applies ({parameter.national})",
            )
        else:
            detail = Text(
                f"“{label.zh}”载于未取得的文件：{parameter.unresolved}",
                f"{label.en} stands in a document that is not loaded: {parameter.unresolved}",
            )
        if setter := parameter.set_by:
            detail = Text(
                f"{detail.zh}；可由 {setter.level} 一级 {setter.department} 部门设定本地参数",
                f"{detail.en}; the department {setter.department!r} at level {setter.level!r} may set it locally",
            )
        return kind(detail, article=self.article)
