"""Runs the migrations of the gateway."""

import gateway.main  # noqa: F401 - makes every table of the gateway known
from kernel.db.alembic_env import run

run()
