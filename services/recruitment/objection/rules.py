"""When an objection is taken down (NM-8). Pure; whether the period still runs is the case's to say."""

from datetime import date

from kernel.errors import FieldError, InvalidInput, Text, WrongState


def check_public(step: str | None) -> str:
    """The step of the publicity. Raises `WrongState` where the hire is not public."""
    if step is None:
        raise WrongState(Text("该拟聘用人员不在公示中", "This hire is not public now."))
    return step


def check_received(received_on: date, public_from: date | None, today: date) -> None:
    """Raise `InvalidInput` for a day before the publicity or after today."""
    if received_on > today or (public_from is not None and received_on < public_from):
        raise InvalidInput(
            errors=[
                FieldError(
                    "/received_on",
                    Text(
                        "收到日期应在公示开始之后、今日之前",
                        "It was received between the first day of the publicity and today.",
                    ),
                )
            ]
        )
