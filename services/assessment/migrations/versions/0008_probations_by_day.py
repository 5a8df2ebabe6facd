"""Probations by day.

Built beside the writes (`concurrently`), outside a transaction. One that gave up leaves an invalid index behind, so it
is dropped before it is built, and the revision is run again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX = "assessment_probation_tenant_id_last_day_id_ix"


def upgrade() -> None:
    """Bring the schema forward."""
    with op.get_context().autocommit_block():
        op.execute(f"drop index concurrently if exists {INDEX}")
        op.execute(f"create index concurrently {INDEX} on assessment_probation (tenant_id, last_day, id)")


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
