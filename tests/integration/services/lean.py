"""How little it takes to apply an event: the statements that go past SQLAlchemy, and no session beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kernel.db import transaction
from kernel.db.driver import Driver


@contextmanager
def without_session(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are run; who asks for a session fails."""
    run: list[str] = []
    fetch = Driver.fetch

    async def noted(self: Driver, query: str, *args: Any, **more: Any) -> Any:
        run.append(query)
        return await fetch(self, query, *args, **more)

    def refuse(*_: object) -> None:
        raise AssertionError("a session was asked for")

    with patch.context() as patched:
        patched.setattr(Driver, "fetch", noted)
        patched.setattr(transaction._Way, "session", refuse)
        yield run
