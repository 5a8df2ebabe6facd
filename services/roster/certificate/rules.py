"""For which days a certificate counts (NM-19, SH-15). Pure."""

from datetime import date

from kernel.errors import FieldError, InvalidInput, Text, WrongState


def check_issue(issued_on: date, today: date) -> None:
    """Raise `InvalidInput` for a certificate of a day to come."""
    if issued_on > today:
        _refuse("/issued_on", Text("发证日期不能晚于今天", "A certificate of a day to come is none yet."))


def check_period(issued_on: date, valid_from: date, valid_before: date | None) -> None:
    """Raise `InvalidInput` for a period that begins before the day of issue or ends before it begins."""
    if valid_from < issued_on:
        _refuse("/valid_from", Text("起算日不能早于发证日期", "It cannot count before the day of issue."))
    if valid_before is not None and valid_before <= valid_from:
        _refuse("/valid_before", Text("终止日应晚于起算日", "The end comes after the first day."))


def check_ending(first: date | None, before: date | None, valid_before: date) -> None:
    """Raise `WrongState` where the period has an end already, `InvalidInput` for an end before its first day."""
    if before is not None and before <= valid_before:
        raise WrongState(Text("该证书的有效期已止于更早日期", "The period ends earlier already."))
    if first is not None and valid_before <= first:
        _refuse("/valid_before", Text("终止日应晚于起算日", "The end comes after the first day."))


def _refuse(pointer: str, message: Text) -> None:
    raise InvalidInput(message, errors=[FieldError(pointer, message)])
