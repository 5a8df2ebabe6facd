"""Who plays: the tenants of the story and their sign-ins, each signed in once when first needed."""

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from deploy.cli.demo.account import Account
from deploy.cli.demo.client import Session, connection, patiently, wait_for


class Tenant:
    """One tenant with its made-up sign-ins."""

    def __init__(self, base_url: str, made: dict[str, Any], data_dir: Path = Path(".shegong")) -> None:
        self.base_url = base_url
        self._messages = data_dir / "messages" / made["tenant_id"]
        self.slug: str = made["tenant"]
        self.client_id: str = made["clients"]["demo"]["client_id"]
        self._passwords = {sign_in["user_name"]: sign_in["password"] for sign_in in made["sign_ins"]}
        self._sessions: dict[str, Session] = {}
        self._anybody = connection(base_url)

    def client(self) -> Session:
        """A client of this tenant in which nobody has signed in yet."""
        return Session(self.base_url, self.client_id)

    def __getitem__(self, user_name: str) -> Session:
        """The session of that user."""
        if user_name not in self._sessions:
            session = self._sessions[user_name] = self.client()
            # The edges hear of a new tenant by event; until then its client is not known to them.
            session.sign_in(user_name, self._passwords[user_name])
        return self._sessions[user_name]

    def newcomer(self, user_name: str, password: str) -> Session:
        """Somebody who registers now."""
        session = self._sessions[user_name] = self.client()
        return session.register(user_name, password, self._messages)

    def bare(self, address: str) -> httpx.Response:
        """Read any address without a token."""
        return patiently(lambda: self._anybody.get(address))

    def public(self, path: str) -> httpx.Response:
        """Read without a token."""
        return self.bare(f"/public/{self.slug}{path}")

    def tell(self, path: str, body: Any) -> httpx.Response:
        """Hand something in without a token, as nobody in particular."""
        return patiently(lambda: self._anybody.post(f"/public/{self.slug}{path}", json=body))

    def close(self) -> None:
        """Close all sessions."""
        self._anybody.close()
        for session in self._sessions.values():
            session.close()


class Cast:
    """The tenant of the story, a foreign one, and what the chapters hand on to each other."""

    def __init__(self, tenant: Tenant, other: Tenant, account: Account) -> None:
        self.tenant = tenant
        self.other = other
        self.account = account
        self.kept: dict[str, Any] = {}
        self.units: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Cast":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tenant.close()
        self.other.close()

    def move_to(self, instant: str, tenant: Tenant | None = None) -> None:
        """Move the business time of the story's tenant (or another) on, and wait until a request lives in it."""
        admin = (tenant or self.tenant)["admin.system"]
        answer = admin.post("/directory/business-time", {"business_time": instant})
        if answer.status_code != 200:
            raise RuntimeError(f"business time was not moved: {answer.status_code} {answer.text[:300]}")
        wanted = datetime.fromisoformat(instant)

        def arrived() -> bool:
            seen = admin.get("/directory/tenant")
            return seen.status_code == 200 and datetime.fromisoformat(seen.json()["business_time"]) >= wanted

        wait_for(arrived, f"business time {instant}")
