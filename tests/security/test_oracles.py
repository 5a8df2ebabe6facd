"""What could be learnt past the records themselves: cursors, filters, sorting, unique words, members nobody may set
(case 19).

That no constraint speaks across tenants is in tests/isolation (keys, foreign keys, equal ids in two tenants).
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

from deploy.cli.demo.client import Session
from kernel.http.stream import MEDIA_TYPE
from tests.security.story_requests import DOUBLE, UUID, Sample, Told, bearer
from tests.security.walking import POSITIONS, counterpart, known, masked, said

UNDECLARED = {"sort": "-id_number", "order_by": "tenant_id", "tenant_id": "01900000-0000-7000-8000-000000000000"}
"""What a list might be asked for that it never offered."""
SET_BY_NOBODY = {
    "id": "01900000-0000-7000-8000-000000000000",
    "tenant_id": "01900000-0000-7000-8000-000000000000",
    "unit_no": 1000,
    "state": "approved",
    "status": "active",
    "version": 7,
    "person_key": "x",
    "permission": "any",
    "scope": {"lo": 0, "hi": 2147483647},
}
"""Members that would move a record, or raise who asks, were they ever taken from a body."""
NEVER_IN_A_BODY = {"tenant_id", "unit_no", "state", "status", "version", "scope", "permission", "lo", "hi", "person_no"}
REFUSED = 422


def lists(story: Told) -> Iterator[tuple[str, Sample]]:
    """Lists, with somebody who may read them."""
    for (method, template), samples in story.samples.items():
        if method == "get" and b'"next":' in samples[-1].answer and samples[-1].user_name:
            yield template, samples[-1]


def get(session: Session, address: str, **params: str) -> httpx.Response:
    """Read as that session."""
    return session.http.get(address, params=params, headers={"authorization": bearer(session), "accept-language": "zh"})


def test_a_cursor_opens_only_the_list_it_was_made_for(stories: list[Told]) -> None:
    faults, tried = [], 0
    for story in stories:
        cursors: dict[str, tuple[Sample, str]] = {}
        for template, sample in lists(story):
            address = sample.url.partition("?")[0]
            following = get(story.tenant[sample.user_name], address, limit="1").json().get("next")
            if following:
                cursors[template] = (sample, following)
        for template, (sample, cursor) in cursors.items():
            own, address = story.tenant[sample.user_name], sample.url.partition("?")[0]
            assert get(own, address, limit="1", cursor=cursor).status_code == 200, address
            made_up = get(own, address, limit="1", cursor="A" * len(cursor))
            others = [counterpart(story, sample)]
            if f"{DOUBLE}.{sample.user_name}" in story.tenant.officials:
                others.append(story.tenant[f"{DOUBLE}.{sample.user_name}"])
            answers = [get(each, address, limit="1", cursor=cursor) for each in others]
            answers += [
                get(own, address, limit="1", cursor=foreign)
                for path, (_, foreign) in cursors.items()
                if path != template
            ][:2]
            tried += len(answers)
            faults += [
                f"{address}: {each.status_code} {each.text[:200]}"
                for each in answers
                if (each.status_code, masked(each.content)) != (400, masked(made_up.content))
            ]
    assert faults == []
    assert tried > 40


def test_a_filter_by_what_is_anothers_finds_nothing(stories: list[Told]) -> None:
    faults, tried = [], 0
    for story in stories:
        ids = _named(story)
        for template, sample in lists(story):
            declared = story.document["paths"][template]["get"].get("parameters", [])
            address = sample.url.partition("?")[0]
            for name in (each["name"] for each in declared if each["in"] == "query" and _takes_id(each["schema"])):
                for value in ids.get(name, [])[-2:]:
                    session = counterpart(story, sample)
                    theirs = get(session, address, **{name: value})
                    nothing = get(session, address, **{name: str(uuid.uuid4())})
                    tried += 1
                    if known(theirs, sample) or said(theirs) != said(nothing):
                        faults.append(f"{address}?{name}={value}: {said(theirs)} against {said(nothing)}"[:600])
    assert faults == []
    assert tried > 10


def test_no_list_is_sorted_or_filtered_by_what_it_does_not_declare(stories: list[Told]) -> None:
    """Else an order or a count would tell of a member that is not shown."""
    faults = []
    for story in stories:
        for template, sample in lists(story):
            declared = {each["name"] for each in story.document["paths"][template]["get"].get("parameters", [])}
            address, session = sample.url.partition("?")[0], story.tenant[sample.user_name]
            undeclared = {name: value for name, value in UNDECLARED.items() if name not in declared}
            # All on one page: a cursor is bound to whatever was asked with it. The audit grows while it is read.
            plain, asked = get(session, address, limit="200"), get(session, address, limit="200", **undeclared)
            if said(plain) != said(asked) and not address.startswith("/api/v1/audit/"):
                faults.append(f"{address}: {said(plain)} against {said(asked)}"[:600])
    assert faults == []


def test_what_must_be_unique_is_so_in_each_tenant_by_itself(stories: list[Told]) -> None:
    body = {"user_name": f"unique.{uuid.uuid4().hex[:8]}", "display_name": "同名"}
    for place in (stories[0].tenant, stories[0].foreign, stories[1].tenant):
        assert [place["admin.security"].post("/directory/users", body).status_code for _ in range(2)] == [201, 409]


def test_what_nobody_may_set_is_refused_in_every_body(stories: list[Told]) -> None:
    faults, tried = [], 0
    for story in stories:
        for (method, template), samples in story.samples.items():
            sample = samples[-1]
            try:
                body = json.loads(sample.content)
            except ValueError:
                continue
            if not isinstance(body, dict) or not sample.user_name:
                continue
            tried += 1
            takes = _members(story.document, method, template)
            extra = {name: value for name, value in SET_BY_NOBODY.items() if name not in takes}
            session = story.tenant[sample.user_name]
            headers = {**sample.headers, "authorization": bearer(session), "idempotency-key": str(uuid.uuid4())}
            answer = session.http.request(sample.method, sample.url, json=body | extra, headers=headers)
            named = {each["pointer"] for each in answer.json().get("errors", [])}
            if answer.status_code != REFUSED or not {f"/{name}" for name in extra} <= named:
                faults.append(f"{method} {template}: {answer.status_code} {answer.text[:300]}")
    assert faults == []
    assert tried > 100


def test_no_body_has_a_member_that_nobody_may_set(stories: list[Told]) -> None:
    document = stories[0].document
    found = []
    for template, item in document["paths"].items():
        for method in ("post", "put", "patch", "delete"):
            if method in item:
                found += [
                    f"{method} {template}: {name}" for name in _members(document, method, template) & NEVER_IN_A_BODY
                ]
    assert found == []


def test_every_stream_of_events_is_walked_with_a_resume_id(stories: list[Told]) -> None:
    """A stream is read and repeated like any list, its resume id in hand (`POSITIONS`)."""
    streams = {
        (method, template)
        for template, item in stories[0].document["paths"].items()
        for method, declared in item.items()
        if MEDIA_TYPE in json.dumps(declared.get("responses", {}) if isinstance(declared, dict) else {})
    }
    assert streams
    assert "last-event-id" in POSITIONS
    for story in stories:
        walked = {operation: samples for operation, samples in story.samples.items() if operation in streams}
        assert all(each.position for samples in walked.values() for each in samples)
    assert streams <= {operation for story in stories for operation in story.samples}


def _takes_id(schema: dict[str, Any]) -> bool:
    return schema.get("format") == "uuid" or any(each.get("format") == "uuid" for each in schema.get("anyOf", []))


def _members(document: dict[str, Any], method: str, template: str) -> set[str]:
    """The names of a body's own members."""
    declared = document["paths"][template][method].get("requestBody", {}).get("content", {})
    schema = declared.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema.get("properties", {}))


def _named(story: Told) -> dict[str, list[str]]:
    """Ids that the story knows, by the name of the member that held them; what was made, by the name of its kind."""
    found: dict[str, list[str]] = {}

    def take(held: Any) -> None:
        for name, value in held.items() if isinstance(held, dict) else ():
            if isinstance(value, str) and UUID.fullmatch(value):
                found.setdefault(name, []).append(value)
            take(value)
        for each in held if isinstance(held, list) else ():
            take(each)

    for (_, template), samples in story.samples.items():
        for sample in samples:
            try:
                held = json.loads(sample.answer)
            except ValueError:
                continue
            take(held)
            if sample.method == "POST" and isinstance(held, dict) and isinstance(held.get("id"), str):
                found.setdefault(template.rpartition("/")[2].removesuffix("s") + "_id", []).append(held["id"])
            for part, value in zip(template.split("/"), sample.url.partition("?")[0].split("/"), strict=True):
                if part.startswith("{") and UUID.fullmatch(value):
                    found.setdefault(part.strip("{}"), []).append(value)
    return found
