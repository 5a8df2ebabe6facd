"""The number that holds for a unit is found by the unit.

Built beside the writes (`concurrently`), outside a transaction. One that gave up leaves an invalid index behind, so it
is dropped before it is built, and the revision is run again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = '0019'
down_revision: str | None = '0018'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "roster_headcount_figure_newest_ix": "roster_headcount_figure (tenant_id, unit_id, valid_from, id)",
}


def upgrade() -> None:
    """Bring the schema forward."""
    with op.get_context().autocommit_block():
        for name, held in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {held}")


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
