"""A made-up process `probe`: a database of its own, the roles of every process, the kernel's tables and a few more."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import ForeignKeyConstraint, Numeric, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field

from deploy.cli.stack.binaries import find_binaries
from deploy.cli.stack.postgres import run_psql
from deploy.cli.stack.testing import TestStack
from deploy.database import ROLES_SQL
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import EVERYTHING, Actor, Context, Scope, TenantId
from kernel.db.migrate import become_owner
from kernel.db.policy import walls_of
from kernel.db.table import (
    CoveredBy,
    DateRange,
    Rls,
    TenantTable,
    UniquePeriods,
    instant,
    json_field,
    period_field,
)
from kernel.ids import new_id
from kernel.testing.schema import make_schema

PROCESS = "probe"
PASSWORD = "made up for a test"  # noqa: S105 - of roles that live as long as the test's server


class Series(TenantTable, table=True):
    """What a note may belong to; also the thing whose row is locked before its periods are written."""

    __tablename__ = "probe_series"
    __rls__ = Rls.tenant_wide("a test's own")

    id: UUID = Field(primary_key=True)


class Note(TenantTable, table=True):
    """A record with unit and version. That its series exists is looked at when the transaction commits."""

    __tablename__ = "probe_note"
    __rls__ = Rls()
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "series_id"],
            ["probe_series.tenant_id", "probe_series.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    title: str
    number: int = 0
    series_id: UUID | None = None
    version: int = 1


class Home(TenantTable, table=True):
    """Periods that may not overlap."""

    __tablename__ = "probe_home"
    __rls__ = Rls.tenant_wide("a test's own")
    __temporal__ = (UniquePeriods(key=("series_id",)),)

    id: UUID = Field(primary_key=True)
    series_id: UUID
    period: DateRange = period_field()


class Visit(TenantTable, table=True):
    """Periods that must lie within those of `Home`."""

    __tablename__ = "probe_visit"
    __rls__ = Rls.tenant_wide("a test's own")
    __temporal__ = (CoveredBy(key=("series_id",), table="probe_home", table_key=("series_id",)),)

    id: UUID = Field(primary_key=True)
    series_id: UUID
    period: DateRange = period_field()


class Everything(TenantTable, table=True):
    """One column of each type the product stores."""

    __tablename__ = "probe_everything"
    __rls__ = Rls.tenant_wide("a test's own")

    id: UUID = Field(primary_key=True)
    document: dict[str, Any] | None = json_field(default=None, nullable=True)
    several: list[Any] | None = json_field(default=None, nullable=True)
    period: DateRange | None = period_field(default=None, nullable=True)
    at: datetime | None = instant(default=None, nullable=True)
    day: date | None = None
    secret: bytes | None = None
    money: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    other: UUID | None = None
    words: str | None = None
    count: int | None = None
    yes: bool | None = None
    share: float | None = None


TABLES: tuple[type[TenantTable], ...] = (Series, Note, Home, Visit, Everything)


def context(tenant: UUID, *, scope: Scope = EVERYTHING, actor: Actor | None = None) -> Context:
    """Somebody at work in that tenant; the platform itself unless named."""
    return Context(TenantId(tenant), scope, actor or Actor("system"), utcnow())


def new_tenant() -> UUID:
    """Each test has its own tenant, so nothing is cleaned between tests."""
    return new_id()


def make_database(stack: TestStack) -> None:
    """Database and roles, by the same SQL file as those of every process."""
    secrets = {f"{role}_PASSWORD": PASSWORD for role in ("MIGRATOR", "APP", "RELAY")}
    run_psql(
        find_binaries(),
        "the test's server",
        f"\\set process {PROCESS}\n\\i '{ROLES_SQL}'\n",
        {**secrets, **superuser(stack)},
        log=stack.folder.log / "probe.log",
    )


def superuser(stack: TestStack) -> dict[str, str]:
    """The superuser's connection as libpq reads it from the environment."""
    host = _after_login(stack).partition(":")
    user, _, password = stack.urls.database.removeprefix("postgresql://").rpartition("@")[0].partition(":")
    return {
        "PGHOST": host[0],
        "PGPORT": host[2].partition("/")[0] or "5432",
        "PGUSER": user,
        "PGPASSWORD": password,
        "PGDATABASE": "postgres",
    }


def dsn(stack: TestStack, role: str) -> str:
    """The DSN of a role of the made-up process; `superuser` for the server's own, in the same database."""
    place = _after_login(stack).partition("/")[0]
    if role == "superuser":
        return f"{stack.urls.database.rpartition('@')[0]}@{place}/shegong_{PROCESS}"
    return f"postgresql://shegong_{PROCESS}_{role}:{PASSWORD.replace(' ', '%20')}@{place}/shegong_{PROCESS}"


def _after_login(stack: TestStack) -> str:
    return stack.urls.database.rpartition("@")[2]


def config(stack: TestStack) -> ProcessConfig:
    """Its configuration: that of a service, with its own database."""
    changes = {f"{role}_dsn": SecretStr(dsn(stack, role)) for role in ("app", "relay", "migrator")}
    return stack.config("assessment").model_copy(update={"process": PROCESS, **changes})


async def make_tables(stack: TestStack) -> None:
    """The kernel's tables and those of this module, with their walls."""
    await make_schema(PROCESS, dsn(stack, "migrator"))
    engine = create_async_engine(dsn(stack, "migrator").replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.run_sync(become_owner, PROCESS)
        for kind in TABLES:
            await connection.run_sync(vars(kind)["__table__"].create)
            for statement in walls_of(kind, PROCESS):
                await connection.execute(text(statement))
    await engine.dispose()
