"""A tenant in which the whole story has happened: real ids for every path, a session for every permission."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import httpx
from rich.console import Console

from deploy.cli.demo.account import Account
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.chapters import hiring, recruiting, staffing, working
from deploy.cli.demo.client import Session
from deploy.cli.demo.tales import STEPS, TALES
from deploy.cli.stack.testing import RunningStack
from tests.tenants import add_tenant

BEGINS = datetime(2024, 9, 2, 1, tzinfo=UTC)
OFFICIALS = (
    "region.party.handler",
    "region.party.approver",
    "region.society.approver",
    "hohhot.society.handler",
    "hohhot.society.approver",
    "hohhot.discipline.approver",
    "xincheng.society.handler",
    "xincheng.society.approver",
    "xincheng.organization.handler",
    "qingsong.office.handler",
    "qingsong.office.approver",
    "chenguang.party.handler",
    "admin.system",
    "admin.security",
    "admin.audit",
)
ELSEWHERE = ("xuelian.office.approver", "hongliu.community.party", "division.finance.handler")
"""Officials under another regulation: what no office here may do, some office there may."""
PERSON = "zhou.xiaolan"
BYSTANDERS = "150203"
"""The county whose officials nobody signs in as: their posts may end and their passwords change."""
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Population:
    """The API document, sessions by user name, and per path parameter the ids that are there."""

    document: dict[str, Any]
    slug: str
    sessions: Mapping[str, Session]
    known: Mapping[str, list[str]]

    def token(self, user_name: str) -> str:
        """An access token of that user, alive."""
        session = self.sessions[user_name]
        session.renew()
        return str(session.tokens["access_token"])

    def permitted(self, method: str, path: str) -> str:
        """The user name of an official or person who is not forbidden an operation."""
        address = path.removeprefix("/api/v1")
        for parameter in path.split("{")[1:]:
            name = parameter.split("}")[0]
            address = address.replace("{" + name + "}", str(uuid.uuid4()))
        for user_name, session in self.sessions.items():
            # An empty body changes nothing: every operation that takes one has required members.
            if session.call(method.upper(), address, {} if method != "get" else None).status_code != 403:
                return user_name
        raise AssertionError(f"nobody may {method} {path}")


@contextmanager
def populated(stack: RunningStack) -> Iterator[Population]:
    """Tell the story in a tenant, sign everybody in, and collect what came of it."""
    account = Account(STEPS, Console(file=StringIO()))
    tenant, other = (
        Tenant(stack.base_url, add_tenant(stack, stem, BEGINS), stack.data_dir) for stem in ("api", "api-other")
    )
    made = add_tenant(stack, "api-regiments", BEGINS, TALES[1].description)
    regiments = Tenant(stack.base_url, made, stack.data_dir)
    with Cast(tenant, other, account) as cast:
        for chapter in (staffing, recruiting, hiring, working):
            chapter.tell(cast)
        document = httpx.get(f"{stack.base_url}/openapi.json", trust_env=False, timeout=60).json()
        sessions = {name: tenant[name] for name in (*OFFICIALS, PERSON)}
        sessions |= {name: regiments[name] for name in ELSEWHERE}
        yield Population(document, tenant.slug, sessions, _known(document, sessions, cast))
    regiments.close()


def _known(document: Mapping[str, Any], sessions: Mapping[str, Session], cast: Cast) -> dict[str, list[str]]:
    """Every list is read by everybody; its ids are what the paths below it take."""
    known: dict[str, list[str]] = {"tenant": [cast.tenant.slug]}
    paths = document["paths"]
    for path in paths:
        parent, _, last = path.rpartition("/")
        if parent in paths and "get" in paths[parent] and last.startswith("{") and "{" not in parent:
            found = known.setdefault(last.strip("{}"), [])
            for session in sessions.values():
                listed = _list(session, parent.replace("{tenant}", cast.tenant.slug))
                found += [row["id"] for row in listed if row.get("id") and row["id"] not in found]
    units = {unit["code"]: unit["id"] for unit in _list(sessions["admin.security"], "/api/v1/directory/units")}
    posts = _list(sessions["admin.security"], "/api/v1/directory/posts")
    strange = [post for post in posts if post["unit_id"] == units[BYSTANDERS]]
    known["post_id"] = [post["id"] for post in strange]
    known["user_id"] = [post["user_id"] for post in strange]
    known["path"] = ["recruitment.age_limit"]
    known["person_id"] = [cast.kept["dossier"]["person_id"]]
    known["item_id"] = [item["id"] for item in cast.kept["notice"]["items"]]
    known["unit_id"] = [units[code] for code in ("150102", "150102091000", "150102091091", BYSTANDERS)]
    return known


def _list(session: Session, path: str) -> list[dict[str, Any]]:
    answer = session.http.get(
        path, params={"limit": "200"}, headers={"Authorization": f"Bearer {session.tokens['access_token']}"}
    )
    content = answer.json() if answer.status_code == 200 else []
    # A list that never grows long answers without pages; its rows have no ids.
    return list(content["items"]) if isinstance(content, dict) else []
