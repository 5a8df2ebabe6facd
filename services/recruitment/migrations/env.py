"""Runs the migrations of recruitment."""

import services.recruitment.service  # noqa: F401 - makes every table of the service known
from kernel.db.alembic_env import run

run()
