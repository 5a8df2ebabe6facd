"""Roles and databases: one SQL file, idempotent, run by `shegong` or by an administrator with psql."""

from pathlib import Path

ROLES_SQL = Path(__file__).parent / "roles.sql"
