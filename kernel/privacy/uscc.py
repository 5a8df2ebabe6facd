"""Unified social credit code, GB 32100-2015, with its inner organisation code, GB 11714-1997."""

from dataclasses import dataclass

from kernel.errors import Text

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class UsccInvalid(ValueError):
    """Not a code of GB 32100. `message` says why in both languages; the code is not in it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Uscc:
    """A checked code; `kind` is its first two characters (11 organ, 54 village, 55 residents' committee)."""

    value: str

    @property
    def kind(self) -> str:
        """Registering department and category."""
        return self.value[:2]


def parse(text: str) -> Uscc:
    """Check and normalise (spaces around, lower case).

    Raises `UsccInvalid`. Full-width characters are refused.
    """
    value = text.strip(" ")
    value = value.upper() if value.isascii() else value
    if len(value) != 18 or any(character not in _ALPHABET for character in value):
        raise UsccInvalid(
            Text(
                "统一社会信用代码应为18位半角数字或大写字母（不含I、O、S、V、Z）",
                "A credit code has 18 half-width digits or letters, without I, O, S, V, Z.",
            )
        )
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(value[:17], _WEIGHTS, strict=True))
    if _ALPHABET[-total % 31] != value[17] or not _inner_holds(value[8:17]):
        raise UsccInvalid(Text("统一社会信用代码校验位不正确", "A check character of the credit code is wrong."))
    return Uscc(value)


def _inner_holds(code: str) -> bool:
    """Characters 9 to 17 are an organisation code with a check digit of its own: 10 is written X, 11 is 0."""
    total = sum(
        _INNER_ALPHABET.index(character) * weight for character, weight in zip(code[:8], _INNER_WEIGHTS, strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11)) == code[8]
