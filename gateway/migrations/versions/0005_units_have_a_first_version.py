"""Units that were there before have one version: what they are, since they are.

Backfill only: the table was made by the revision before. Runs as the owner, whose policy sees every tenant.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the data forward."""
    op.execute(
        """
        insert into directory_unit_version (tenant_id, id, unit_id, title, level, code, parent_id, period)
        select u.tenant_id, gen_random_uuid(), u.id, u.title, u.level, u.code, u.parent_id,
               daterange(u.valid_from, u.valid_before)
        from directory_unit u
        where not exists (
            select from directory_unit_version v where v.tenant_id = u.tenant_id and v.unit_id = u.id
        )
        """
    )


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
