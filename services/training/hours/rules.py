"""What may be entered into the ledger. Pure."""

from datetime import datetime
from decimal import Decimal

from kernel.errors import FieldError, InvalidInput, Text, WrongState


def check_ended(ends_at: datetime, now: datetime) -> None:
    """Raise `WrongState` while the class is not over: hours are for attendance, not for enrolment."""
    if ends_at > now:
        raise WrongState(Text("培训尚未结束，不能登记学时", "The class has not ended; credit its hours afterwards."))


def check_within(hours: Decimal, class_hours: Decimal) -> None:
    """Raise `InvalidInput` for more hours than the class had."""
    if hours > class_hours:
        message = Text(
            f"学时 {hours} 超过本班次的 {class_hours}", f"{hours} hours are more than the class had ({class_hours})"
        )
        raise InvalidInput(message, errors=[FieldError("/hours", message)])


def difference(standing: Decimal, corrected: Decimal) -> Decimal:
    """The counter-entry that makes `corrected` stand; raises `InvalidInput` where it stands already."""
    if corrected == standing:
        message = Text(f"该班次学时已是 {standing}", f"{standing} hours stand for the class already")
        raise InvalidInput(message, errors=[FieldError("/hours", message)])
    return corrected - standing
