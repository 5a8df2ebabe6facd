"""Posts know the number of their community.

Backfill only: the columns were made by the revision before. Runs as the owner, whose policy sees every tenant.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the data forward."""
    op.execute(
        """
        update roster_post set community_unit_no = unit_no where community_unit_no = 0
        """
    )


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
