"""Departments that stand as long as their unit (no first day) are one of a kind too: nulls no longer differ."""

from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NAME = "directory_department_tenant_id_unit_id_kind_valid_from_uq"


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_constraint(NAME, "directory_department", type_="unique")
    op.create_unique_constraint(
        NAME,
        "directory_department",
        ["tenant_id", "unit_id", "kind", "valid_from"],
        postgresql_nulls_not_distinct=True,
    )
