"""A tenant on a running stack with applications of every kind, made the way an operator makes one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.cli.stack.testing import RunningStack
from tests.clients.contract import Registration
from tests.clients.person import Person
from tests.tenants import DESCRIPTION, add_tenant

USER = "applicant.first"
PORTAL_BACK, PORTAL_BYE = "http://127.0.0.1:53219/callback", "http://127.0.0.1/bye"
"""A program on the user's machine listens on any port (RFC 8252 §7.3). Nobody does here: the person stops before it."""
OFFICE_BACK, OFFICE_BYE = "http://localhost:9/callback", "http://localhost:9/bye"


def clients(page_origin: str) -> list[dict[str, Any]]:
    """The applications: a trusted public one, a confidential one whose users are asked, one page in the browser."""
    return [
        {
            "suffix": "portal",
            "name": {"zh": "门户", "en": "Portal"},
            "kind": "browser",
            "redirect_uris": ["http://127.0.0.1/callback"],
            "sign_out_uris": [PORTAL_BYE],
            "trusted": True,
        },
        {
            "suffix": "office",
            "name": {"zh": "办公系统", "en": "Office"},
            "kind": "web",
            "redirect_uris": [OFFICE_BACK],
            "sign_out_uris": [OFFICE_BYE],
        },
        {
            "suffix": "page",
            "name": {"zh": "单页应用", "en": "Page"},
            "kind": "browser",
            "redirect_uris": [f"{page_origin}/app.html"],
            "sign_out_uris": [f"{page_origin}/bye.html"],
            "origins": [page_origin],
            "trusted": True,
        },
        {"suffix": "exchange", "name": {"zh": "数据交换", "en": "Exchange"}, "kind": "service"},
    ]


@dataclass(frozen=True)
class Place:
    """The issuer, the tenant's clients by suffix, and somebody who signs in."""

    issuer: str
    clients: dict[str, dict[str, str | None]]
    password: str

    @classmethod
    def make(cls, stack: RunningStack, folder: Path, page_origin: str) -> "Place":
        """Add the tenant: the demonstration's with few people (passwords are slow on purpose) and these clients."""
        plan = yaml.safe_load(DESCRIPTION.read_text())
        plan |= {"users": plan["users"][:1], "applicants": plan["applicants"][:1], "clients": clients(page_origin)}
        description = folder / "tenant.yaml"
        description.write_text(yaml.safe_dump(plan, allow_unicode=True))
        made = add_tenant(stack, "clients", datetime(2024, 9, 2, 1, tzinfo=UTC), description, DESCRIPTION.parent)
        password = next(one["password"] for one in made["sign_ins"] if one["user_name"] == USER)
        return cls(stack.base_url, made["clients"], password)

    def registration(self, suffix: str, **changes: str) -> Registration:
        """What an application is told when it is registered. `changes`: what is put in wrongly."""
        client = self.clients[suffix]
        back, bye = (PORTAL_BACK, PORTAL_BYE) if suffix == "portal" else (OFFICE_BACK, OFFICE_BYE)
        told: dict[str, Any] = {"issuer": self.issuer, "redirect_uri": back, "sign_out_uri": bye}
        told |= {"client_id": client["client_id"], "secret": client["client_secret"]}
        return Registration(**(told | changes))

    def opens(self, access_token: str) -> bool:
        """Whether an access token opens anything: user info, or an operation behind the edge."""
        paths = "/oauth/userinfo", "/api/v1/directory/tenant"
        bearer = {"Authorization": f"Bearer {access_token}"}
        answers = [httpx.get(self.issuer + path, headers=bearer, trust_env=False).status_code for path in paths]
        return any(status != 401 for status in answers)

    def person(self) -> Person:
        """Somebody at a browser of their own."""
        return Person(self.issuer, USER, self.password)
