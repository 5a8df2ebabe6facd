"""What a programme may name. Pure."""

from collections.abc import Sequence
from datetime import date

from kernel.errors import FieldError, InvalidInput, Text, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack

CLASS_KINDS = "training.class_kinds"


def check_roles(pack: Pack, roles: Sequence[str]) -> None:
    """Raise `InvalidInput` at each post that the regulation does not know."""
    message = Text("本办法没有这一职务", "This regulation knows no such post.")
    unknown = [index for index, role in enumerate(roles) if pack.role(role) is None]
    if unknown:
        raise InvalidInput(message, errors=[FieldError(f"/roles/{index}", message) for index in unknown])


def check_class(pack: Pack, kind: str | None, host: str | None, level: str) -> None:
    """Raise `NotRegulated` where the regulation names no kinds of class, `InvalidInput` for a kind it does not name,
    one that units of another level hold, or a host where none belongs (one is asked for what nobody here holds)."""
    if kind is None and host is None:
        return
    figure = pack.regulated(CLASS_KINDS)
    if figure is None:
        raise NotRegulated(Text("本办法没有专题培训班的规定", "This regulation names no kinds of class."))
    row = next((each for each in figure.rows() if each["kind"] == kind), None)
    if row is None:
        _refuse("/class_kind", Text("条文没有这一类培训班", "The article names no such class."), figure.article)
    elif "level" not in row:
        if host is None:
            _refuse("/host", Text("应写明举办单位", "Name who holds the class."), figure.article)
    elif row["level"] != level:
        _refuse("/class_kind", Text("该类培训班不由这一级举办", "Units of this level do not hold it."), figure.article)
    elif host is not None:
        _refuse("/host", Text("举办单位即登记单位", "Whoever registers it holds it."), figure.article)


def check_selects(class_kind: str | None) -> None:
    """Raise `WrongState` for a programme that is for all who hold the posts."""
    if class_kind is None:
        raise WrongState(Text("该计划面向全体，不需选派", "The programme is for everybody; nobody is selected."))


def held_on(valid_from: date, valid_before: date | None, on: date) -> bool:
    """Whether a half-open period, open above without an end, holds a day."""
    return valid_from <= on and (valid_before is None or on < valid_before)


def _refuse(pointer: str, text: Text, article: str | None) -> None:
    raise InvalidInput(text, errors=[FieldError(pointer, text, CLASS_KINDS, article)], article=article)
