"""Before a process is ready: its role owns nothing, cannot bypass row-level security, and every table is forced."""

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel.db.transaction import Database

_ROLE = text("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
_OWNED = text(
    "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner"
    " where pg_has_role(current_user, r.oid, 'member') and c.relpersistence <> 't'"  # a rebuild's shadows
)
_OPEN = text(
    "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
    " and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'"
    " and not (c.relrowsecurity and c.relforcerowsecurity) order by 1"
)
_UNWALLED = text(
    "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
    " and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'alembic_version'"
    " and not (exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive)"
    " and exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive)) order by 1"
)
_TOO_MUCH = text(
    "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    " and has_table_privilege(c.oid, 'truncate, references, trigger, maintain') order by 1"
)
_TABLES = text("select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")


async def check_walls(database: Database, process: str) -> str | None:
    """What is wrong with role or tables, in one sentence, or None. Asks the catalogue, not the program."""
    try:
        async with database.engine.connect() as connection:
            role = (await connection.execute(_ROLE)).one()
            if any(role):
                return f"the {process} role is a superuser, may bypass row-level security or make roles"
            if (await connection.execute(_OWNED)).scalar_one():
                return f"the {process} role owns tables"
            if not (await connection.execute(_TABLES)).scalar_one():
                return "the database has no tables: run `shegong migrate`"
            open_tables = (await connection.execute(_OPEN)).scalars().all()
            if open_tables:
                return f"tables without forced row-level security: {', '.join(open_tables)}"
            unwalled = (await connection.execute(_UNWALLED)).scalars().all()
            if unwalled:
                return f"tables without a tenant policy: {', '.join(unwalled)}"
            if (await connection.execute(_TOO_MUCH)).first() is not None:
                return f"the {process} role holds TRUNCATE, REFERENCES, TRIGGER or MAINTAIN on a table"
    except (OSError, SQLAlchemyError, asyncpg.PostgresError) as error:
        return f"the database does not answer ({type(error).__name__})"
    return None
