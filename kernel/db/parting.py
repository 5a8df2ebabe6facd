"""What a transaction writes last goes in one trip with its COMMIT: a trip of its own costs more than the statement.

For rows that nothing in the transaction reads, the outbox's: so their locks are held for the commit alone.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kernel.db.driver import Driver, quoted

FEW = 8
"""Statements that go with the COMMIT at most, as text that the server reads anew; more go before it, prepared."""
MANY = 256
"""After so many they are written at once: a transaction's memory is bounded."""
_PLACE = re.compile(r"\$(\d+)")
Value = str | int | UUID | datetime | None


class Parting:
    """The last statements of one transaction, with values for the driver's parameters ($1).

    Those of equal words keep their order; what differs does not rest on each other.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._given: list[tuple[str, Sequence[Value]]] = []

    async def add(self, statement: str, values: Sequence[Value]) -> None:
        """One more; it names the type of each parameter, `$1::uuid`, where its column does not."""
        self._given.append((statement, values))
        if len(self._given) >= MANY:
            await self.write()

    def forget(self) -> None:
        """What came since the last `write` was undone."""
        self._given.clear()

    async def write(self) -> None:
        """Write them now."""
        alike: dict[str, list[Sequence[Value]]] = {}
        for statement, values in self._given:
            alike.setdefault(statement, []).append(values)
        self._given = []
        for statement, each in alike.items():
            await self._driver.fetchmany(statement, each)

    async def with_the_commit(self) -> None:
        """Have the next COMMIT take them with it."""
        if len(self._given) > FEW:
            await self.write()
        self._driver.leaving = "; ".join(spoken(*each) for each in self._given)
        self._given = []


def spoken(statement: str, values: Sequence[Value]) -> str:
    """The statement with its values in it, as the simple protocol takes it. `ValueError` where a text has a NUL."""
    literals = ["null" if value is None else quoted(str(value)) for value in values]
    if any("\0" in each for each in literals):
        raise ValueError("a text with NUL")
    return _PLACE.sub(lambda place: literals[int(place[1]) - 1], statement)
