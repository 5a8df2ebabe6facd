"""the agreed term is kept.

Expand, backfill, contract: never more than one of them in one revision. Lock and statement timeouts are set by
the environment; a revision that waits for a lock gives up and is run again.
"""

from typing import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0017'
down_revision: str | None = '0016'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column('roster_contract', sa.Column('agreed_before', sa.Date(), nullable=True))


def downgrade() -> None:
    """Not offered: a release that went wrong is mended by a later one, so that no data is dropped."""
    raise RuntimeError("migrations only go forward")
