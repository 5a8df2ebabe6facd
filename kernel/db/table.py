"""The shape of every table: `tenant_id` first in each key, forced row-level security declared beside the columns.

One global metadata holds all tables; `metadata_of` picks those of one process, since each process has a database
of its own with the kernel's tables and its features' tables in it. Table models validate nothing: a row is built
only from a validated schema.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, Range
from sqlmodel import Field, SQLModel

NAMES = {
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
}
SQLModel.metadata.naming_convention = NAMES

Instant = DateTime(timezone=True)
"""Column type of an instant; stored in UTC."""
Json = JSONB
Period = DATERANGE
"""Column type of a half-open period of days, `[valid_from, valid_before)`."""
DateRange = Range[date]


def days(valid_from: date, valid_before: date | None) -> DateRange:
    """The half-open period from a day to (not including) another; open where there is none."""
    return Range(valid_from, valid_before, bounds="[)")


@dataclass(frozen=True, slots=True)
class Rls:
    """Which rows of a table the app role sees, and what the app and relay roles may do.

    unit: column holding the number of the unit the row belongs to; rows outside the scope do not exist.
    person: column holding the person the row is about; that person sees it whatever its unit.
    published: SQL condition on the row under which persons and the public may read it too.
    app, relay: commands granted, as SQL writes them. The relay's are of all tenants (it serves the outbox).
    reason: why a table opts out of the unit scope; required where `unit` is None.
    """

    unit: str | None = "unit_no"
    person: str | None = None
    published: str | None = None
    app: str = "select, insert, update, delete"
    relay: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.unit is None and not self.reason:
            raise ValueError("a table without unit scope states its reason")

    @classmethod
    def tenant_wide(cls, reason: str, *, app: str = "select, insert, update, delete", relay: str = "") -> "Rls":
        """Rows that belong to the whole tenant, with the reason why no unit owns them."""
        return cls(unit=None, app=app, relay=relay, reason=reason)


@dataclass(frozen=True, slots=True)
class UniquePeriods:
    """No two rows with equal `key` may have overlapping `period` (WITHOUT OVERLAPS; `tenant_id` is added)."""

    key: tuple[str, ...]
    period: str = "period"


@dataclass(frozen=True, slots=True)
class CoveredBy:
    """The row's period must lie within periods of `table` for the same `key` (PERIOD foreign key, deferred)."""

    key: tuple[str, ...]
    table: str
    table_key: tuple[str, ...]
    period: str = "period"
    table_period: str = "period"


class TenantTable(SQLModel):
    """Base of all tables. A subclass sets `__tablename__`, `__rls__` and, for periods, `__temporal__`."""

    __rls__: ClassVar[Rls]
    __temporal__: ClassVar[Sequence[UniquePeriods | CoveredBy]] = ()
    __renumbered__: ClassVar[bool] = True
    """Whether a reorganisation carries the unit numbers of its rows along (`kernel.org.renumbering`)."""

    __successor_in__: ClassVar[Sequence[str]] = ()
    """JSON columns in which the successor of a merged unit takes its place. What was decided or recorded keeps the unit
    it named."""

    __closed_units__: ClassVar[str] = ""
    """Why rows may name a unit that is closed already, where they may (`kernel.org.standing`)."""

    tenant_id: UUID = Field(primary_key=True)


def recorded_now() -> Any:
    """Field of the real instant at which the row was written, set by the database."""
    return Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": text("clock_timestamp()")})


def instant(**options: Any) -> Any:
    """Field of an instant. Options as of `sqlmodel.Field`."""
    return Field(sa_type=Instant, **options)


def json_field(**options: Any) -> Any:
    """Field of a JSON document. Options as of `sqlmodel.Field`."""
    return Field(sa_type=Json, **options)


def period_field(**options: Any) -> Any:
    """Field of a half-open period of days. Options as of `sqlmodel.Field`."""
    return Field(sa_type=Period, **options)


def number_columns(kind: type[TenantTable]) -> list[str]:
    """The columns of a table that hold numbers of units and follow a renumbering."""
    if not kind.__renumbered__:
        return []
    table: Table = vars(kind)["__table__"]
    return [column.name for column in table.columns if column.name == "unit_no" or column.name.endswith("_unit_no")]


def unit_id_columns(kind: type[TenantTable]) -> list[str]:
    """The columns of a table that hold ids of units."""
    table: Table = vars(kind)["__table__"]
    return [column.name for column in table.columns if column.name == "unit_id" or column.name.endswith("_unit_id")]


def tables_of(process: str) -> dict[str, type[TenantTable]]:
    """The table classes of one process by table name: the kernel's, and those of its own package."""
    package = "gateway." if process == "gateway" else f"services.{process}."
    found: dict[str, type[TenantTable]] = {}
    waiting: list[type[TenantTable]] = [TenantTable]
    for kind in waiting:
        waiting.extend(kind.__subclasses__())
        if "__table__" in vars(kind) and kind.__module__.startswith((package, "kernel.")):
            found[str(kind.__tablename__)] = kind
    return dict(sorted(found.items()))


def metadata_of(process: str) -> MetaData:
    """A metadata with just the tables of one process, for its migrations.

    Every unit-scoped table has an index by unit: lists are read by it, and a reorganisation finds its rows by it.
    """
    metadata = MetaData(naming_convention=NAMES)
    for kind in tables_of(process).values():
        table: Table = vars(kind)["__table__"]
        made = table.to_metadata(metadata)
        unit = kind.__rls__.unit
        if unit is not None and not any(led == ["tenant_id", unit] for led in _led(made)):
            Index(None, made.c.tenant_id, made.c[unit])
    return metadata


def _led(table: Table) -> Iterator[list[str]]:
    """The first two columns of every index that holds all rows of a table."""
    keys: list[PrimaryKeyConstraint | UniqueConstraint | Index] = [table.primary_key]
    keys.extend(each for each in table.constraints if isinstance(each, UniqueConstraint))
    keys.extend(each for each in table.indexes if each.dialect_options["postgresql"]["where"] is None)
    for key in keys:
        yield [getattr(each, "name", "") for each in list(key.columns)[:2]]


@functools.cache
def closable_unit_columns(kind: type[TenantTable]) -> tuple[str, ...]:
    """The columns of a table that may not begin to name a closed unit (`kernel.org.standing`)."""
    if kind.__rls__.unit is None or kind.__closed_units__:
        return ()
    return tuple(name for name in unit_id_columns(kind) if not name.startswith("from_"))
