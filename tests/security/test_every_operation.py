"""Every operation, asked with what is another's: the answer is that for what does not exist (cases 16 to 19).

The requests are those of the stories, so a new operation is tried as soon as a story tells it; one that no story tells
fails here until it does. Whoever asks has the same duty as the one who asked rightly, in another tenant or in a unit
next door, and repeats the request with its ids, version and Idempotency-Key.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.cli.demo.client import Session
from deploy.cli.demo.tales import TALES
from deploy.cli.stack.testing import RunningStack
from tests.security.story_requests import DOUBLE, UUID, Sample, Told, masked, told

METHODS = ("get", "post", "put", "patch", "delete")
TENANT_WIDE = (
    "/api/v1/directory/",
    "/api/v1/regulation/",
    "/api/v1/labels",
)
"""What every official of a tenant may read, whichever unit it speaks of."""


@pytest.fixture(scope="module")
def stories(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Told]]:
    with told(stack, TALES, tmp_path_factory.mktemp("walk")) as wholes:
        yield wholes


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """All operations that need a sign-in."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and item[method].get("x-audience", "public") != "public":
                yield method, path


def test_every_operation_is_told_by_a_story(stories: list[Told]) -> None:
    asked = {key for story in stories for key in story.samples}
    assert sorted(set(operations(stories[0].document)) - asked) == []


def test_another_tenants_answers_as_if_it_did_not_exist(stories: list[Told]) -> None:
    faults = []
    for story in stories:
        for sample in chosen(story):
            named = sample.user_name in story.foreign.officials
            faults += compared(story.foreign[sample.user_name] if named else story.foreign.nobody, sample)
    assert faults == []


def test_a_neighbouring_units_answers_as_if_it_did_not_exist(stories: list[Told]) -> None:
    faults = []
    for story in stories:
        for sample in chosen(story):
            if sample.url.startswith(TENANT_WIDE):
                continue
            session = double(story, sample)
            if session is not None:
                faults += compared(session, sample)
    assert faults == []


def chosen(story: Told) -> Iterator[Sample]:
    """For each operation the first request and the last: the record was young, the record was old."""
    for samples in story.samples.values():
        yield from {id(each): each for each in (samples[0], samples[-1])}.values()


def double(story: Told, sample: Sample) -> Session | None:
    """Who has the same duty next door; nobody where the asker stands at the top, above all others."""
    if sample.user_name not in story.tenant.officials:
        return story.tenant.nobody
    name = f"{DOUBLE}.{sample.user_name}"
    return story.tenant[name] if name in story.tenant.officials else None


def compared(session: Session, sample: Sample) -> list[str]:
    """What is wrong with the answers to a request with the ids of another and to one with ids of nothing."""
    nothing = {each: str(uuid.uuid4()) for each in sample.ids}
    theirs, missing = send(session, sample, {}), send(session, sample, nothing)
    where = f"{sample.user_name}: {sample.method} {sample.url}"
    if (
        sample.ids
        and theirs.status_code < 300
        and theirs.status_code == missing.status_code
        and not known(theirs, sample)
    ):
        return []  # a filter that finds nothing, or an act that is their own
    if theirs.status_code != missing.status_code:
        return [f"{where}: {theirs.status_code} {theirs.text[:200]} against {missing.status_code} {missing.text[:200]}"]
    if sample.ids and masked(theirs.content) != masked(missing.content):
        return [f"{where}: {theirs.text[:300]} against {missing.text[:300]}"]
    shown = known(theirs, sample)
    return [f"{where}: shows {sorted(shown)[:3]}"] if shown else []


def known(answer: httpx.Response, sample: Sample) -> set[str]:
    """Ids in the answer that the rightful asker was shown; those they both sent aside."""
    if answer.status_code >= 300:
        return set()
    return (set(UUID.findall(answer.text)) & set(UUID.findall(sample.answer.decode(errors="ignore")))) - sample.ids


def send(session: Session, sample: Sample, instead: dict[str, str]) -> httpx.Response:
    """The request again, by somebody else; with other ids and a key of its own where they are replaced."""
    url, content, headers = sample.url, sample.content, dict(sample.headers)
    for old, new in instead.items():
        url, content = url.replace(old, new), content.replace(old.encode(), new.encode())
    if instead and "idempotency-key" in headers:
        headers["idempotency-key"] = str(uuid.uuid4())
    session.renew()
    headers["authorization"] = f"Bearer {session.tokens['access_token']}"
    return session.http.request(sample.method, url, content=content, headers=headers)
