"""How a regulation turns a quotient into whole persons: a ceiling is never rounded up, a floor never down."""

from kernel.errors import InvalidInput, Text


def whole(product: int, divisor: int, rounding: str) -> int:
    """`product / divisor` in whole numbers, in integers throughout. `rounding` is floor, ceil or half_up.

    Raises `InvalidInput` for another word.
    """
    match rounding:
        case "floor":
            return product // divisor
        case "ceil":
            return -(-product // divisor)
        case "half_up":
            return (2 * product + divisor) // (2 * divisor)
    raise InvalidInput(Text(f"取整方式“{rounding}”无效", f"{rounding!r} is no way of rounding."))
