"""Puts the schema of one process into an empty database, straight from its tables: no migration is needed for it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.clock import local_date, utcnow
from kernel.db.migrate import become_owner, expected_walls, make_partitions
from kernel.db.table import metadata_of


async def make_schema(process: str, migrator_dsn: str) -> None:
    """Create the tables of `process` with their walls, as the owner role; nothing where they are there already.

    The modules of the service must have been imported, so that its tables are known.
    """
    engine = create_async_engine(migrator_dsn.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(become_owner, process)
            if (await connection.execute(text("select to_regclass('k_outbox')"))).scalar() is not None:
                return
            await connection.run_sync(metadata_of(process).create_all)
            for statements in expected_walls(process).values():
                for statement in statements:
                    await connection.execute(text(statement))
            await connection.run_sync(make_partitions, process, local_date(utcnow()))
    finally:
        await engine.dispose()
