"""The demonstration is a client: its interpreter loads nothing of the inside."""

import subprocess
import sys

INSIDE = ("kernel", "contracts", "services", "gateway", "asyncpg", "nats", "sqlalchemy")


def loaded_after(module: str) -> str:
    """Which inside packages stand in a fresh interpreter after importing `module`."""
    probe = f"import sys, {module}; print(*sorted({{n.split('.')[0] for n in sys.modules}} & set({INSIDE!r})))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_demonstration_loads_nothing_of_the_inside() -> None:
    assert loaded_after("deploy.cli.demo.runner") == ""


def test_the_probe_sees_an_inside_that_is_loaded() -> None:
    assert "kernel" in loaded_after("deploy.cli.configuration")
