"""Indexes by unit know the person: of whom a row is, policies ask.

Each is built beside the writes (`concurrently`), outside a transaction, and takes the place of the one without when it
stands. One that gave up leaves an invalid index behind, so it is dropped before it is built, and the revision is run
again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = '0018'
down_revision: str | None = '0017'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "k_approval_case_unit_ix": "k_approval_case (tenant_id, unit_no, id) include (person_id)",
}


def upgrade() -> None:
    """Bring the schema forward."""
    with op.get_context().autocommit_block():
        for name, held in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}_new")
            op.execute(f"create index concurrently {name}_new on {held}")
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"alter index {name}_new rename to {name}")


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
