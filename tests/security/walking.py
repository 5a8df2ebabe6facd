"""A request of a story, repeated by somebody to whom the things it names do not exist.

Asked twice: with the very ids, version, key and position of the one who asked rightly, and with made-up ids. Both
answers must be one and the same once ids of the request itself are masked, and neither may show what is another's.
"""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.cli.demo.client import Session, patiently
from tests.security.story_requests import DOUBLE, UUID, Sample, Told, bearer

MASKED_MEMBERS = ("instance", "request_id")
"""What names this very request, in a problem."""
ASKED_IN_VAIN = (401, 429)
"""Answers that say nothing of the walls: somebody signed out, or in a hurry."""
POSITION = "shegong-position"
UPWARD = 2
"""People below a record's unit who ask for it."""
Operation = tuple[str, str]
Askers = Callable[[Told, Operation, Sample], Iterable[tuple[str, Session]]]
"""Who repeats a request, and how they stand to it."""


@dataclass
class Findings:
    """What the walk found, and how often each operation gave which answer."""

    faults: list[str] = field(default_factory=list)
    answers: dict[Operation, Counter[int]] = field(default_factory=dict)

    @property
    def refused(self) -> set[tuple[str, str]]:
        """The operations refused at least once, as the audit names them."""
        return {
            (method.upper(), template)
            for (method, template), statuses in self.answers.items()
            if statuses[403] or statuses[404]
        }

    def told(self, operation: Operation, status: int) -> None:
        """Count an answer."""
        self.answers.setdefault(operation, Counter())[status] += 1


def chosen(story: Told) -> Iterator[tuple[Operation, Sample]]:
    """For each operation the first request and the last: the record was young, the record was old."""
    for operation, samples in story.samples.items():
        for sample in {id(each): each for each in (samples[0], samples[-1])}.values():
            yield operation, sample


def compare(session: Session, who: str, operation: Operation, sample: Sample, found: Findings) -> None:
    """Ask with the ids of another and with ids of nothing, and say what differs or is shown."""
    theirs = send(session, sample, {})
    found.told(operation, theirs.status_code)
    where = f"{who} as {sample.user_name or 'the public'}: {sample.method} {sample.url}"
    if theirs.status_code in ASKED_IN_VAIN or theirs.status_code >= 500:
        found.faults.append(f"{where}: not asked rightly, {theirs.status_code} {theirs.text[:200]}")
        return
    if theirs.headers.get("idempotency-replayed"):
        found.faults.append(f"{where}: the answer of another's Idempotency-Key")
    shown = known(theirs, sample)
    if shown:
        found.faults.append(f"{where}: {theirs.status_code} shows {sorted(shown)[:3]} {theirs.text[:200]}")
    if not sample.ids or theirs.status_code == 403:
        return
    missing = send(session, sample, {each: str(uuid.uuid4()) for each in sample.ids})
    if theirs.status_code != missing.status_code:
        found.faults.append(
            f"{where}: {theirs.status_code} {theirs.text[:200]} against {missing.status_code} {missing.text[:200]}"
        )
    elif theirs.status_code >= 300 and masked(theirs.content) != masked(missing.content):
        found.faults.append(f"{where}: {theirs.text[:300]} against {missing.text[:300]}")


def known(answer: httpx.Response, sample: Sample) -> set[str]:
    """Ids in the answer that the rightful asker was shown; those they both sent aside."""
    if answer.status_code >= 300:
        return set()
    return (set(UUID.findall(answer.text)) & set(UUID.findall(sample.answer.decode(errors="ignore")))) - sample.ids


def send(session: Session, sample: Sample, instead: dict[str, str]) -> httpx.Response:
    """The request again, by somebody else: with the very key and version, or with other ids and a key of its own."""
    url, content, headers = sample.url, sample.content, dict(sample.headers)
    for old, new in instead.items():
        url, content = url.replace(old, new), content.replace(old.encode(), new.encode())
    if instead and "idempotency-key" in headers:
        headers["idempotency-key"] = str(uuid.uuid4())
    # Ids of news are no keys either: whoever sends another's is answered as with one that never was.
    headers[POSITION] = headers["last-event-id"] = str(uuid.uuid4()) if instead else sample.position
    headers["authorization"] = bearer(session)
    return patiently(lambda: session.http.request(sample.method, url, content=content, headers=headers))


def masked(body: bytes) -> Any:
    """An answer without what names this very request."""
    try:
        content = json.loads(body)
    except ValueError:
        return body
    if isinstance(content, dict):
        for name in MASKED_MEMBERS:
            content.pop(name, None)
    return json.loads(UUID.sub("*", json.dumps(content)))


def foreigner(story: Told, _: Operation, sample: Sample) -> Iterator[tuple[str, Session]]:
    """The same user name in another tenant under the same regulation; for persons somebody who registered there."""
    name = sample.user_name.removeprefix(f"{DOUBLE}.")
    yield "of another tenant", story.foreign[name] if name in story.foreign.officials else story.foreign.nobody


def next_door(story: Told, _: Operation, sample: Sample) -> Iterator[tuple[str, Session]]:
    """Of the same tenant: the double in a unit with a similar code; for persons, somebody who has nothing there."""
    name = f"{DOUBLE}.{sample.user_name}"
    if sample.user_name not in story.tenant.officials:
        yield "somebody else", story.tenant.nobody
    elif name in story.tenant.officials:
        yield "next door", story.tenant[name]


def below(story: Told, operation: Operation, sample: Sample) -> Iterator[tuple[str, Session]]:
    """Of the same tenant and with the same right: officials of units under the one that the record belongs to."""
    top = story.unit_of(sample)
    if top is None or sample.user_name not in story.tenant.officials:
        return
    permission = story.document["paths"][operation[1]][operation[0]]["x-permission"]
    asked: set[int] = set()
    for name in story.holders.get(permission, []):
        place = story.place_of(name)
        if top["unit_no"] < place <= top["last_no"] and place not in asked and len(asked) < UPWARD:
            asked.add(place)
            yield f"{name}, below it,", story.tenant[name]


def walk(story: Told, askers: Askers) -> Findings:
    """Repeat every request with each of its askers."""
    found = Findings()
    for operation, sample in chosen(story):
        for who, session in askers(story, operation, sample):
            compare(session, who, operation, sample, found)
    return found
