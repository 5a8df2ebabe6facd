"""What the stories asked of the platform: a request with a right body for every operation they reach.

Told in tenants in which every official has a double in a neighbouring unit, so that whatever one of them did can be
tried by somebody with the same duty elsewhere.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import yaml
from rich.console import Console

from deploy.cli.demo.account import Account
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.client import Session
from deploy.cli.demo.people import PASSWORD
from deploy.cli.demo.tales import NEIGHBOUR, Tale
from deploy.cli.matrix import Matrix, Seat
from deploy.cli.permissions import matrices_of
from deploy.cli.stack.testing import RunningStack
from kernel.clock import local_date
from tests.tenants import add_tenant

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SIGNED_OUT = 401
DOUBLE = "double"
"""Before the name of an official's double in a neighbouring unit."""


@dataclass(frozen=True)
class Sample:
    """One request of a story that was answered well."""

    user_name: str
    method: str
    url: str
    headers: dict[str, str]
    content: bytes
    status: int
    answer: bytes
    location: str = ""
    position: str = ""

    @property
    def ids(self) -> set[str]:
        """The ids it named: in its address and its body."""
        return set(UUID.findall(self.url)) | set(UUID.findall(self.content.decode(errors="ignore")))


class Recording(Session):
    """A client that hands every answer on, with the name of its user."""

    def __init__(self, base_url: str, client_id: str, keep: Callable[[str, httpx.Response], None]) -> None:
        super().__init__(base_url, client_id)
        self._keep = keep
        self._user_name = ""
        self.http.event_hooks = {"response": [self._hand_on]}

    def sign_in(self, user_name: str, password: str) -> Session:
        """As the user of that name."""
        self._user_name = user_name
        return super().sign_in(user_name, password)

    def register(self, user_name: str, password: str, messages: Path) -> Session:
        """As somebody who registers now."""
        self._user_name = user_name
        return super().register(user_name, password, messages)

    def _hand_on(self, answer: httpx.Response) -> None:
        answer.read()
        self._keep(self._user_name, answer)


class Place(Tenant):
    """A tenant whose officials are known by name, and in which one person has an account and nothing else."""

    def __init__(self, base_url: str, made: dict[str, Any], data_dir: Path) -> None:
        super().__init__(base_url, made, data_dir)
        self.id: str = made["tenant_id"]
        self.officials = frozenset(each["user_name"] for each in made["sign_ins"] if each["post"])
        self.keep: Callable[[str, httpx.Response], None] = lambda _name, _answer: None
        self._nobody: Session | None = None
        self.anybody = self._anybody
        """Who asks without a token."""
        self.anybody.event_hooks = {"response": [self._hand_on]}

    def _hand_on(self, answer: httpx.Response) -> None:
        answer.read()
        self.keep("", answer)

    @property
    def signed_in(self) -> frozenset[str]:
        """Everybody who has a session."""
        return frozenset(self._sessions)

    def client(self) -> Session:
        """A client whose answers are handed to `keep`."""
        return Recording(self.base_url, self.client_id, lambda name, answer: self.keep(name, answer))

    def sign_in_again(self) -> None:
        """Whoever gave their token back in the story."""
        for name, session in self._sessions.items():
            if name in self.officials and session.get("/directory/tenant").status_code == SIGNED_OUT:
                session.http.cookies.clear()
                session.sign_in(name, self._passwords[name])

    @property
    def nobody(self) -> Session:
        """Somebody who registered and has nothing here."""
        if self._nobody is None:
            self._nobody = self.newcomer("nobody.else", PASSWORD)
        return self._nobody


@dataclass
class Told:
    """A story that has ended: its tenant, another under the same regulation in which nothing happened, the neighbour of
    the story, and the samples of each operation by (method, template)."""

    tale: Tale
    tenant: Place
    foreign: Place
    neighbour: Place
    document: dict[str, Any]
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    keys: set[tuple[str, str]] = field(default_factory=set)
    """User and Idempotency-Key of what was repeated: a replay of one's own is no leak."""
    position: str = ""
    """The last that was answered: the id of an event."""
    left: dict[tuple[str, str], str] = field(default_factory=dict)
    """Operations for which no request was found, and the last answer."""

    def add(self, user_name: str, answer: httpx.Response, least: Sequence[int] = ()) -> None:
        """Keep what was answered well, or with one of these statuses."""
        request = answer.request
        key = (request.method.lower(), self.template(request.method, request.url.path))
        if (answer.status_code < 300 or answer.status_code in least) and key[1]:
            kept = ("accept-language", "content-type", "content-disposition", "idempotency-key", "if-match")
            self.position = answer.headers.get("shegong-position", self.position)
            headers = {name: value for name, value in request.headers.items() if name.lower() in kept}
            sample = Sample(
                user_name,
                request.method,
                str(request.url.copy_with(scheme="http", host="x", port=None)).removeprefix("http://x"),
                headers,
                request.content,
                answer.status_code,
                answer.content,
                answer.headers.get("location", ""),
                self.position,
            )
            self.samples.setdefault(key, []).append(sample)

    @property
    def today(self) -> str:
        """The business day that the story has reached."""
        seen = self.tenant["admin.system"].get("/directory/tenant").json()["business_time"]
        return local_date(datetime.fromisoformat(seen)).isoformat()

    @cached_property
    def units(self) -> list[dict[str, Any]]:
        """The tenant's units with their numbers."""
        listed = self.tenant["admin.security"].get("/directory/units", limit="200").json()["items"]
        return list(listed)

    def unit_of(self, sample: Sample) -> dict[str, Any] | None:
        """The unit that a record shown belongs to, where the answer names it."""
        try:
            shown = json.loads(sample.answer)
        except ValueError:
            return None
        if not isinstance(shown, dict):
            return None
        return next((unit for unit in self.units if unit["id"] == shown.get("unit_id")), None) or next(
            (unit for unit in self.units if unit["unit_no"] == shown.get("unit_no")), None
        )

    @cached_property
    def seats(self) -> list[tuple[str, int, Seat]]:
        """Who holds one post, the number of its unit, and its kind."""
        described = yaml.safe_load(self.tale.description.read_text())
        levels = {unit["code"]: unit["level"] for unit in described["units"]}
        numbers = {unit["code"]: int(unit["unit_no"]) for unit in self.units}
        return [
            (user["user_name"], numbers[post["unit"]], Seat(post["department"], levels[post["unit"]], post["duty"]))
            for user in described["users"]
            for post in user["posts"]
            if len(user["posts"]) == 1
        ]

    @cached_property
    def matrix(self) -> Matrix:
        """Who may do what under the regulation of the story."""
        return next(each for each in matrices_of() if each.id == self.tale.name)

    def template(self, method: str, path: str) -> str:
        """The path of the document that an address belongs to; empty where there is none."""
        fitting = [
            str(template)
            for template, operations in self.document["paths"].items()
            if method.lower() in operations and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
        ]
        # A word at a place goes before any id there.
        return min(fitting, key=lambda template: template.count("{"), default="")


@contextmanager
def told(stack: RunningStack, tales: Sequence[Tale], folder: Path) -> Iterator[list[Told]]:
    """Tell the stories side by side with doubles at hand, keeping every request that was answered well."""
    document = httpx.get(f"{stack.base_url}/openapi.json", trust_env=False, timeout=30).json()
    with ThreadPoolExecutor() as threads:
        wholes = list(threads.map(lambda tale: _begin(stack, tale, document, folder / f"of-{tale.name}"), tales))
        list(threads.map(_tell, wholes))
    yield wholes
    for whole in wholes:
        for place in (whole.tenant, whole.foreign, whole.neighbour):
            place.close()


def _begin(stack: RunningStack, tale: Tale, document: dict[str, Any], folder: Path) -> Told:
    begins = datetime.fromisoformat(tale.begins)
    described = (with_doubles(tale.description, folder), "walk"), (tale.description, "foreign"), (NEIGHBOUR, "next")
    # One after the other: two stories are told at a time, and what makes tenants is a process of its own.
    walk, foreign, neighbour = (
        Place(stack.base_url, add_tenant(stack, stem, begins, description), stack.data_dir)
        for description, stem in described
    )
    return Told(tale, walk, foreign, neighbour, document)


def _tell(whole: Told) -> None:
    whole.tenant.keep = whole.add
    account = Account(whole.tale.steps, Console(file=StringIO()))
    account.outcome(whole.tale.steps[0].name, True, "tenants")
    cast = Cast(whole.tenant, whole.neighbour, account)
    for tell, _ in whole.tale.chapters:
        tell(cast)
    whole.tenant.keep = lambda _name, _answer: None
    whole.tenant.sign_in_again()


def with_doubles(file: Path, folder: Path) -> Path:
    """The description beside its pack, with a double of every official in another branch of the tree."""
    pack = folder / file.parent.name
    pack.mkdir(parents=True)
    for each in file.parent.iterdir():
        (pack / each.name).symlink_to(each)
    for other in file.parent.parent.iterdir():
        if other.name != file.parent.name:
            (folder / other.name).symlink_to(other)
    description = yaml.safe_load(file.read_text())
    top = description["units"][0]["code"]
    taken = {unit["code"] for unit in description["units"]}
    branch = {unit["code"]: _free(unit["code"], taken) for unit in description["units"][1:]}
    departments, units = [], []
    for unit in description["units"][1:]:
        parent = unit.get("parent")
        units.append(
            {**unit, "code": branch[unit["code"]], "parent": branch.get(parent, top), "name": unit["name"] + "邻"}
        )
    for department in description["departments"]:
        if department["unit"] in branch:
            departments.append({**department, "unit": branch[department["unit"]]})
    users = []
    for user in description["users"]:
        posts = [{**post, "unit": branch[post["unit"]]} for post in user["posts"] if post["unit"] in branch]
        if posts:
            users.append({**user, "user_name": f"{DOUBLE}.{user['user_name']}", "posts": posts})
    description["units"] += units
    description["departments"] += departments
    description["users"] += users
    (pack / file.name).unlink()
    (pack / file.name).write_text(yaml.safe_dump(description, allow_unicode=True))
    return pack / file.name


def _free(code: str, taken: set[str]) -> str:
    """The next code of that length that nobody has: a unit with a similar code."""
    number = int(code)
    while (made := f"{number:0{len(code)}d}") in taken:
        number += 1 if len(code) <= 6 else 500 if code.endswith("000") else 1
    taken.add(made)
    return made


def claims(session: Session) -> dict[str, Any]:
    """What the access token says, unverified: a test only wants to know who it is."""
    payload = session.tokens["access_token"].split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return read


def bearer(session: Session) -> str:
    """What proves who asks, alive."""
    session.renew()
    return f"Bearer {session.tokens['access_token']}"
