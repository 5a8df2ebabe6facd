"""Tenants that were there before may be named as receivers of a worker.

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
        insert into roster_known_tenant (tenant_id, slug, named_tenant_id, title)
        select '00000000-0000-7000-8000-000000000001', slug, tenant_id, title
        from k_org_tenant where status = 'active'
        on conflict do nothing
        """
    )


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
