"""A stack for the tests of faults alone: what they kill nobody else stands on."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from deploy.cli.demo.client import Session, wait_for
from deploy.cli.stack.testing import RunningStack
from tests.conftest import open_folder
from tests.tenants import add_tenant


@dataclass(frozen=True)
class Registrar:
    """Who registers classes in a tenant of their own, and who reads its audit."""

    organizer: Session
    auditor: Session
    unit_id: str
    signed_in: Callable[[str], Session]
    """Anybody else of the tenant, signed in."""

    @property
    def token(self) -> str:
        """The organizer's token."""
        return str(self.organizer.tokens["access_token"])


@pytest.fixture(scope="session")
def fragile() -> Iterator[RunningStack]:
    """The whole of `shegong up`, to be broken."""
    with open_folder("fragile") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def registrar(fragile: RunningStack) -> Iterator[Registrar]:
    """A tenant on the fragile stack whose county registers training classes."""
    made = add_tenant(fragile, "load", datetime(2024, 10, 14, 1, tzinfo=UTC))
    passwords = {each["user_name"]: each["password"] for each in made["sign_ins"]}
    client_id = made["clients"]["demo"]["client_id"]

    def session(user_name: str) -> Session:
        return Session(fragile.base_url, client_id).sign_in(user_name, passwords[user_name])

    organizer, auditor = session("xincheng.organization.handler"), session("admin.audit")
    wait_for(lambda: organizer.get("/training/sessions").status_code == 200, "the tenant in training")
    units = organizer.get("/directory/units", limit="200").json()["items"]
    county = next(unit["id"] for unit in units if unit["code"] == "150102")
    try:
        yield Registrar(organizer, auditor, county, session)
    finally:
        organizer.close()
        auditor.close()


@pytest.fixture(scope="session")
def soak_seconds() -> float:
    """How long each case of the long form lasts."""
    return float(os.environ.get("SHEGONG_SOAK_SECONDS", "60"))
