"""Lists in an order of their own know the unit.

Built beside the writes (`concurrently`), outside a transaction. One that gave up leaves an invalid index behind, so each
is dropped before it is built, and the revision is run again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "k_approval_case_newest_ix": "k_approval_case (tenant_id, id, unit_no)",
    "assessment_probation_tenant_id_last_day_id_unit_no_ix": "assessment_probation (tenant_id, last_day, id, unit_no)",
}


def upgrade() -> None:
    """Bring the schema forward."""
    with op.get_context().autocommit_block():
        for name, held in INDEXES.items():
            op.execute(f"drop index concurrently if exists {name}")
            op.execute(f"create index concurrently {name} on {held}")
        op.execute("drop index concurrently if exists assessment_probation_tenant_id_last_day_id_ix")


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
