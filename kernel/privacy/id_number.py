"""Citizen identification number, GB 11643-1999: check digit, a real date, the sex digit.

The first six digits are where the number was first given out: possibly an abolished code, never the present
household, so they are not judged here. Errors never carry the number.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kernel.errors import Text

_SHAPE = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class IdNumberInvalid(ValueError):
    """Not a number of GB 11643. `message` says why in both languages; the number is not in it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked number. Its text form hides the value."""

    value: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Literal["male", "female"] = field(repr=False)

    @property
    def sex_digit(self) -> int:
        """Digit 17: odd for male, even for female."""
        return int(self.value[16])

    @property
    def region(self) -> str:
        """Six digits of the place of first registration (GB/T 2260, of that day)."""
        return self.value[:6]


def parse(text: str) -> IdNumber:
    """Check and normalise (spaces around, lower-case x). Raises `IdNumberInvalid`.

    Full-width digits are refused: they look right, compare unequal and break every other system.
    """
    value = text.strip(" ").replace("x", "X")
    if not _SHAPE.fullmatch(value):
        raise IdNumberInvalid(
            Text(
                "身份证号应为18位半角数字，末位可为X",
                "An ID number has 18 half-width digits, the last may be X.",
            )
        )
    try:
        birth_date = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise IdNumberInvalid(
            Text("身份证号中的出生日期不存在", "The birth date in the ID number does not exist.")
        ) from None
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    if _CHECKS[total % 11] != value[17]:
        raise IdNumberInvalid(Text("身份证号校验位不正确", "The check digit of the ID number is wrong."))
    return IdNumber(value, birth_date, "male" if int(value[16]) % 2 else "female")
