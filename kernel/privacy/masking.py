"""What is shown instead of personal data where the reader may not see it (GB/T 45574-2025,
de-identification).

A value too short for its mask is hidden altogether: a mask must never show all of it.
"""


def _mask(value: str, head: int, tail: int) -> str:
    hidden = len(value) - head - tail
    if hidden <= 0:
        return "*" * len(value)
    return value[:head] + "*" * hidden + value[len(value) - tail :]


def mask_id_number(value: str) -> str:
    """`990101198501010010` → `990101********0010`."""
    return _mask(value, 6, 4)


def mask_phone(value: str) -> str:
    """`13900000000` → `139****0000`."""
    return _mask(value, 3, 4)


def mask_bank_account(value: str) -> str:
    """Only the last four digits stay, in groups of nothing: the number's length is kept."""
    return _mask(value, 0, 4)


def mask_name(value: str) -> str:
    """As public lists print a name: the first character, a star for each other one (`张三` → `张*`)."""
    return value[:1] + "*" * max(len(value) - 1, 1) if value else ""
