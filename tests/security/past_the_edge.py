"""The services of a running stack without the edge before them: in this process, on the stack's own databases.

Whoever asks has a rightly signed principal, as if the edge had let in anybody for anything.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from deploy.cli.configuration import running_configuration
from deploy.cli.demo.client import Session
from deploy.cli.stack.testing import RunningStack
from deploy.cli.supervisor.applications import factory
from kernel.access import principal
from kernel.config import DATABASES, SERVICES
from kernel.context import NOTHING
from kernel.ids import new_id
from kernel.testing.live import LiveTransport, glimpsed
from tests.security.reaching import Operation
from tests.security.story_requests import Place, Told, claims
from tests.security.walking import Asker

BASE = "http://service.test"


class PastTheEdge:
    """The five applications, asked directly."""

    def __init__(self, stack: RunningStack, portal: BlockingPortal) -> None:
        self._portal = portal
        self._apps = {name: factory(name)(running_configuration(stack.folder, name)) for name in DATABASES}
        self._http = {
            name: httpx.AsyncClient(transport=LiveTransport(app), base_url=BASE) for name, app in self._apps.items()
        }
        self._posts: dict[str, dict[str, Any]] = {}
        self._times: dict[str, float] = {}

    def close(self) -> None:
        """Give the databases' connections back."""
        for name, app in self._apps.items():
            self._portal.call(self._http[name].aclose)
            self._portal.call(app.state.database.close)

    def asker(self, who: str, story: Told, place: Place, session: Session, operation: Operation) -> Asker:
        """A user of that place, for whom the edge would have signed the permission of the operation."""
        facts = self._facts(place, session)
        permission = story.document["paths"][operation[1]][operation[0]]["x-permission"]

        def ask(method: str, url: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
            path = url.partition("?")[0]
            room = path.split("/")[3]
            name = room if room in SERVICES else "gateway"
            state = self._apps[name].state
            made = principal.Principal(
                service=state.service_name,
                method=method,
                path=path,
                issued_at=time.time(),
                permission=permission,
                request_id=str(new_id()),
                **facts,
            )
            signed = {**headers, principal.HEADER: principal.sign(made, state.principal_key)}
            request = self._http[name].build_request(method, url, content=content, headers=signed)
            return self._portal.call(glimpsed, self._http[name], request)

        return Asker(who, str(claims(session)["sub"]), ask)

    def _facts(self, place: Place, session: Session) -> dict[str, Any]:
        """What the edge knows of the user, from the token and the directory."""
        said = claims(session)
        facts: dict[str, Any] = {"tenant": UUID(place.id).bytes, "business_time": self._time(place)}
        user = UUID(said["sub"]).bytes
        if not said.get("post"):
            person = UUID(said["person"]).bytes
            return facts | {"kind": "person", "user": user, "person": person, "lo": NOTHING.lo, "hi": NOTHING.hi}
        post = self._post(place, said["post"])
        return facts | {
            "kind": "official",
            "user": user,
            "post": UUID(post["id"]).bytes,
            "unit_no": post["unit_no"],
            "lo": post["unit_no"],
            "hi": post["last_no"],
            "department_kind": post["department_kind"],
            "level": post["level"],
            "duty": post["duty"],
        }

    def _time(self, place: Place) -> float:
        if place.id not in self._times:
            shown = place["admin.system"].get("/directory/tenant").json()["business_time"]
            self._times[place.id] = datetime.fromisoformat(shown).timestamp()
        return self._times[place.id]

    def _post(self, place: Place, id_: str) -> dict[str, Any]:
        if id_ not in self._posts:
            self._posts[id_] = place["admin.security"].get(f"/directory/posts/{id_}").json()
        return self._posts[id_]


@contextmanager
def past_the_edge(stack: RunningStack) -> Iterator[PastTheEdge]:
    """The applications, as long as the block lasts."""
    with ExitStack() as ends:
        running: AbstractContextManager[BlockingPortal] = start_blocking_portal()
        services = PastTheEdge(stack, ends.enter_context(running))
        ends.callback(services.close)
        yield services
