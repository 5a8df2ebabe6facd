"""Rows on their way into the database: one line of text for each, as COPY reads it."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

NULL = "\\N"
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


class Lines:
    """The rows made so far, by table; the tables in the order in which they are stored, those referred to first."""

    def __init__(self, columns: dict[str, tuple[str, ...]]) -> None:
        self.columns = columns
        self._made: dict[str, list[bytes]] = {table: [] for table in columns}

    def add(self, table: str, *values: object) -> None:
        """One row, its values in the order of the table's columns (`tenant_id` is left out).

        Texts are the generator's own and hold neither tabulator, backslash nor line feed.
        """
        # Most values are texts: a call for each of them takes longest of all.
        told = [value if type(value) is str else _text(value) for value in values]
        self._made[table].append(("\t".join(told) + "\n").encode())

    def __iter__(self) -> Iterator[tuple[str, Sequence[bytes]]]:
        return ((table, rows) for table, rows in self._made.items() if rows)


def _text(value: object) -> str:
    if value is None:
        return NULL
    if type(value) is bytes:
        return "\\\\x" + value.hex()
    return str(value)


def instant(day: date, hour: int = 9) -> str:
    """An hour of a day in Shanghai."""
    return f"{day} {hour:02d}:00+08"


def period(first: date, before: date | None) -> str:
    """A half-open period of days, open where there is no end."""
    return f"[{first},{before or ''})"


class Ids:
    """Ids of version 7 from a source of chance that the seed decides."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def at(self, day: date) -> str:
        """A new one, of that day: rows made later sort later, as if they had been entered then."""
        bits = self._chance.getrandbits(78)
        spread = bits >> 74 << 20  # some minutes
        milliseconds = (day.toordinal() - _EPOCH) * _DAY_MS + spread
        random = bits & ((1 << 74) - 1)
        return f"{milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | random & ((1 << 62) - 1):032x}"
