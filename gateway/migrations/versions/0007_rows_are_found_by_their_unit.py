"""Rows are found by their unit.

Built beside the writes (`concurrently`), outside a transaction: nobody waits for it but for moments at its beginning and
end, and those the lock timeout bounds. One that gave up leaves an invalid index behind, so each is dropped before it is
built, and the revision is run again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    "k_schedule",
)


def upgrade() -> None:
    """Bring the schema forward."""
    with op.get_context().autocommit_block():
        for table in TABLES:
            name = f"{table}_tenant_id_unit_no_ix"
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {table} (tenant_id, unit_no)")


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
