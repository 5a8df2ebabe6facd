"""What is late or without anybody is found by itself.

Built beside the writes (`concurrently`), outside a transaction. One that gave up leaves an invalid index behind, so each
is dropped before it is built, and the revision is run again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "worklist_item_escalated_ix": "worklist_item (tenant_id, due_on, id, unit_no) where escalated is true",
    "worklist_item_unstaffed_ix": "worklist_item (tenant_id, due_on, id, unit_no) where unstaffed is not null",
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
