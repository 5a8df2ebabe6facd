"""When a recruitment may be ended. Pure."""

from kernel.errors import Text, WrongState


def check_nothing_pending(pending: int) -> None:
    """Raise `WrongState` while a proposed hire is undecided: its post is neither filled nor free."""
    if pending:
        raise WrongState(
            Text(
                f"尚有 {pending} 名拟聘用人员未作出决定，不能结束招聘",
                f"{pending} proposed hire(s) are not decided yet; the recruitment cannot end.",
            )
        )
