"""Materials of earlier notices get the kind `other`.

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
        update recruitment_notice_revision
           set materials = (
               select coalesce(
                   jsonb_agg(jsonb_build_object('kind', 'other', 'title', stated.line, 'required', false)), '[]'::jsonb
               )
               from jsonb_array_elements_text(materials) as stated (line)
           )
         where jsonb_typeof(materials -> 0) = 'string'
        """
    )


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
