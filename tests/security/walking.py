"""A request of a story, repeated by somebody to whom the things it names do not exist.

Asked twice: with the very ids, version, key, file and position of the one who asked rightly, and with made-up ids. Both
answers must be one and the same once ids of the request itself are masked, and neither may show what is another's.
"""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx

from deploy.cli.demo.client import Session, patiently
from tests.security.reaching import Operation
from tests.security.story_requests import DOUBLE, POSITION, UUID, Sample, Told, bearer, claims

MASKED_MEMBERS = ("instance", "request_id")
"""What names this very request, in a problem."""
COUNTING = ("ratelimit", "x-request-id", "date", "traceparent", "content-length", "idempotency-replayed")
"""Header fields that count or name requests; what is replayed is looked at by itself."""
ASKED_IN_VAIN = (401, 429)
"""Answers that say nothing of the walls: somebody signed out, or in a hurry."""
POSITIONS = ("shegong-position", "last-event-id")
"""Where a client says which news it has heard."""
UPWARD = 2
"""People below a record's unit who ask for it."""
TENANT_WIDE = (
    "/api/v1/directory/",
    "/api/v1/regulation/",
    "/api/v1/labels",
    "/api/v1/roster/ladders",
    # A form is the same for all who print it.
    *(f"/api/v1/{service}/document-templates" for service in ("recruitment", "roster", "assessment", "training")),
    # Whoever wants to be hired names a notice, and notices are public.
    "/api/v1/recruitment/my/applications",
)
"""What everybody of a tenant may read, whichever unit it speaks of."""


@dataclass(frozen=True)
class Asker:
    """Somebody who repeats requests, and the way they reach the platform."""

    who: str
    user: str
    """The id of the user; empty without a token."""
    ask: Callable[[str, str, bytes, Mapping[str, str]], httpx.Response]
    """With method, address, body and header fields."""


Askers = Callable[[Told, Operation, Sample], Iterable[Asker]]
"""Who repeats a request."""


@dataclass
class Findings:
    """What the walk found, and how often each operation gave which answer."""

    faults: list[str] = field(default_factory=list)
    answers: dict[Operation, Counter[int]] = field(default_factory=dict)

    @property
    def refused(self) -> set[tuple[str, str]]:
        """The operations refused at least once to somebody signed in, as the audit names them."""
        return {
            (method.upper(), template)
            for (method, template), statuses in self.answers.items()
            if (statuses[403] or statuses[404]) and template.startswith("/api/")
        }

    def told(self, operation: Operation, status: int) -> None:
        """Count an answer."""
        self.answers.setdefault(operation, Counter())[status] += 1


def chosen(story: Told, *, young: bool = True) -> Iterator[tuple[Operation, Sample]]:
    """For each operation the last request and, with `young`, the first: the record was old, the record was young."""
    for operation, samples in story.samples.items():
        yield operation, samples[-1]
        if young and len(samples) > 1:
            yield operation, samples[0]


def compare(story: Told, asker: Asker, operation: Operation, sample: Sample, found: Findings) -> None:
    """Ask with the ids of another and with ids of nothing, and say what differs or is shown."""
    theirs = repeat(asker, sample, {})
    found.told(operation, theirs.status_code)
    where = f"{asker.who} as {sample.user_name or 'the public'}: {sample.method} {sample.url}"
    if theirs.status_code in ASKED_IN_VAIN or theirs.status_code >= 500:
        found.faults.append(f"{where}: not asked rightly, {theirs.status_code} {theirs.text[:200]}")
        return
    key = (asker.user, sample.headers.get("idempotency-key", ""))
    if theirs.headers.get("idempotency-replayed") and key not in story.keys:
        found.faults.append(f"{where}: the answer of another's Idempotency-Key")
    story.keys.add(key)
    shown = known(theirs, sample)
    if shown:
        found.faults.append(f"{where}: {theirs.status_code} shows {sorted(shown)[:3]} {theirs.text[:200]}")
    if sample.ids:
        missing = repeat(asker, sample, {each: str(uuid.uuid4()) for each in sample.ids})
        if said(theirs) != said(missing):
            found.faults.append(f"{where}: {said(theirs)} against {said(missing)}"[:800])


def known(answer: httpx.Response, sample: Sample) -> set[str]:
    """Ids in the answer that the rightful asker was shown; those they both sent aside."""
    if answer.status_code >= 300:
        return set()
    return (set(UUID.findall(answer.text)) & set(UUID.findall(sample.answer.decode(errors="ignore")))) - sample.ids


def said(answer: httpx.Response) -> tuple[int, list[str], Any]:
    """Status, header fields and body; of something made just now not the body, for it is one's own."""
    fields = sorted({name for name in answer.headers if not name.startswith(COUNTING)})
    made = answer.status_code < 300 and answer.request.method != "GET"
    return answer.status_code, fields, None if made else masked(answer.content)


def repeat(asker: Asker, sample: Sample, instead: Mapping[str, str]) -> httpx.Response:
    """The request again, by somebody else: with the very key and version, or with other ids and a key of its own."""
    url, content, headers = sample.url, sample.content, dict(sample.headers)
    for old, new in instead.items():
        url, content = url.replace(old, new), content.replace(old.encode(), new.encode())
    if instead and "idempotency-key" in headers:
        headers["idempotency-key"] = str(uuid.uuid4())
    # Ids of news are no keys either: whoever sends another's is answered as with one that never was.
    headers |= dict.fromkeys(POSITIONS, str(uuid.uuid4()) if instead else sample.position)
    return asker.ask(sample.method, url, content, headers)


def masked(body: bytes) -> Any:
    """An answer without what names this very request."""
    try:
        content = json.loads(body)
    except ValueError:
        return POSITION.sub(b"id: *", body)
    if isinstance(content, dict):
        for name in MASKED_MEMBERS:
            content.pop(name, None)
    return json.loads(UUID.sub("*", json.dumps(content)))


def signed_in(who: str, session: Session) -> Asker:
    """Somebody with a token, as any client asks."""

    def ask(method: str, url: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        proved = {**headers, "authorization": bearer(session)}
        return patiently(lambda: session.http.request(method, url, content=content, headers=proved))

    return Asker(who, str(claims(session)["sub"]), ask)


def foreigner(story: Told, _: Operation, sample: Sample) -> Iterator[Asker]:
    """The same user name in another tenant under the same regulation; for persons somebody who registered there; for
    the public the same page of that tenant."""
    if sample.user_name:
        yield signed_in("of another tenant", counterpart(story, sample))
    else:
        # Its own address stands there in the path.
        here, there = f"/{story.tenant.slug}/", f"/{story.foreign.slug}/"
        anybody = story.foreign.anybody
        yield Asker(
            "at another tenant's pages",
            "",
            lambda method, url, content, headers: patiently(
                lambda: anybody.request(method, url.replace(here, there), content=content, headers=headers)
            ),
        )


def counterpart(story: Told, sample: Sample) -> Session:
    """Who in the other tenant is what the one who asked is in the story's."""
    name = sample.user_name.removeprefix(f"{DOUBLE}.")
    return story.foreign[name] if name in story.foreign.officials else story.foreign.nobody


def neighbour(story: Told, sample: Sample) -> Session | None:
    """Of the same tenant: the double in a unit with a similar code; for persons, somebody who has nothing there."""
    name = f"{DOUBLE}.{sample.user_name}"
    if sample.user_name in story.tenant.signed_in - story.tenant.officials:
        return story.tenant.nobody
    return story.tenant[name] if name in story.tenant.officials else None


def next_door(story: Told, _: Operation, sample: Sample) -> Iterator[Asker]:
    """Their neighbour, where there is one."""
    if session := neighbour(story, sample):
        yield signed_in("next door", session)


def below(story: Told, operation: Operation, sample: Sample) -> Iterator[Asker]:
    """Of the same tenant and with the same right: officials of units under the one that the record belongs to."""
    top = story.unit_of(sample)
    if top is None or sample.user_name not in story.tenant.officials:
        return
    permission = story.document["paths"][operation[1]][operation[0]]["x-permission"]
    held = story.matrix.seats.get(permission, frozenset())
    under = {
        place: name for name, place, seat in story.seats if seat in held and top["unit_no"] < place <= top["last_no"]
    }
    for name in islice(under.values(), UPWARD):
        yield signed_in(f"{name}, below it,", story.tenant[name])


def unless_shared(askers: Askers) -> Askers:
    """Nobody asks for what the whole tenant may read."""

    def chosen_by(story: Told, operation: Operation, sample: Sample) -> Iterable[Asker]:
        return () if sample.url.startswith(TENANT_WIDE) else askers(story, operation, sample)

    return chosen_by


def walk(story: Told, askers: Askers, *, young: bool = True) -> Findings:
    """Repeat every request chosen with each of its askers."""
    found = Findings()
    for operation, sample in chosen(story, young=young):
        for asker in askers(story, operation, sample):
            compare(story, asker, operation, sample, found)
    return found
