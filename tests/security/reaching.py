"""Requests for the operations that no story tells: made from the API document and from what the stories left behind.

A path is filled with ids the stories know at that very place, a body with the least its schema asks for; the first who
is answered, or told that the thing stands otherwise (409), is the one who asks rightly. So a new operation is tried
without a word here; one that nothing fits stays untold, and the walk names it.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx

from tests.security.story_requests import DOUBLE, UUID, Told, bearer

METHODS = ("get", "post", "put", "patch", "delete")
EXERCISED = (409, 412)
"""The thing was found, and is in another state: the request was a right one."""
TRIES = 25
"""Records and people tried for one operation before it counts as one nothing fits."""
BODIES: Mapping[str, dict[str, Any]] = {
    "/api/v1/directory/users": {"user_name": f"walk.{uuid.uuid4().hex[:8]}"},
    "/api/v1/directory/users/{user_id}/password": {"password": "Wulan-cha 2025!"},
    "/api/v1/regulation/evaluations": {"rule": "eligibility.politics", "facts": {}},
    "/api/v1/roster/dossiers/{dossier_id}/directed-determinations": {"rule": "directed.continuous_years"},
    "/api/v1/roster/exits/{exit_id}/tolerance-finding": {
        "parts": dict.fromkeys(("hard_task", "active_performance", "error", "active_correction"), True)
    },
}
"""Members whose values no schema tells: they are words of the pack, or must be new."""
OUTDATED = ("/api/v1/directory/posts/{post_id}",)
"""Asked with a version long gone (412): done, it would sign out somebody who is still to act."""
PLACES: Mapping[str, list[str]] = {"/api/v1/regulation/articles/{number}": ["NM-8", "SH-8"]}
"""What stands in a path and is no id."""

Operation = tuple[str, str]


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """All operations that need a sign-in."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and item[method].get("x-audience", "public") != "public":
                yield method, path


class Reaching:
    """What a told story knows, and the requests made from it."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.below: dict[str, list[str]] = {}
        """Ids by the address they stood under."""
        self.named: dict[str, list[str]] = {}
        """Ids by the name of the member that held them."""
        self.allowed: dict[str, list[str]] = {}
        """Who was not forbidden, by permission."""
        self.dealt: dict[str, list[str]] = {}
        """Who dealt with a thing, by its id."""
        self.seen: dict[str, Any] = {}
        """What last stood in a member of that name, where it was no id."""
        for (method, template), samples in told.samples.items():
            permission = told.document["paths"][template][method]["x-permission"]
            for sample in samples:
                self.learn(sample.user_name, sample.url.partition("?")[0], sample.answer, sample.content)
                if sample.location:
                    self.learn(sample.user_name, sample.location)
                if sample.user_name and sample.user_name not in self.allowed.setdefault(permission, []):
                    self.allowed[permission].append(sample.user_name)

    def learn(self, user_name: str, address: str, *contents: bytes) -> None:
        """Remember the ids of a request and its answer (the request's body last: its words are those to ask with)."""
        parts = address.split("/")
        for place, part in enumerate(parts):
            if UUID.fullmatch(part):
                self._keep(self.below, "/".join(parts[:place]), part)
                self._keep(self.dealt, part, user_name)
        for content in contents:
            try:
                held = json.loads(content)
            except ValueError:
                continue
            for row in held.get("items", [held]) if isinstance(held, dict) else []:
                if isinstance(row, dict) and isinstance(row.get("id"), str) and UUID.fullmatch(row["id"]):
                    self._keep(self.below, address, row["id"])
                    self._keep(self.dealt, row["id"], user_name)
            self._name(held)

    def _name(self, held: Any) -> None:
        if isinstance(held, list):
            for each in held:
                self._name(each)
        elif isinstance(held, dict):
            for name, value in held.items():
                if isinstance(value, str) and UUID.fullmatch(value):
                    self._keep(self.named, name, value)
                else:
                    if value is not None:
                        self.seen[name] = value
                    self._name(value)

    @staticmethod
    def _keep(kept: dict[str, list[str]], name: str, value: str) -> None:
        values = kept.setdefault(name, [])
        if value not in values:
            values.append(value)

    def fill(self, waiting: Iterable[Operation]) -> dict[Operation, str]:
        """Ask these, lists before what stands below them; those that nothing fitted, with the last answer."""
        left = {}
        for method, template in sorted(waiting, key=_order):
            last = self._reach(method, template)
            if last is not None:
                left[method, template] = f"{self.told.tale.name}: {last}"
        return left

    def _reach(self, method: str, template: str) -> str | None:
        declared = self.told.document["paths"][template][method]
        tried, last = 0, "no id is known for its path"
        empty: tuple[str, httpx.Response] | None = None
        for address in self._addresses(template):
            for user_name in self._askers(declared, address):
                answer = self._ask(user_name, method, template, address, declared)
                if answer.status_code == 403:
                    continue
                last = f"{user_name} {address}: {answer.status_code} {answer.text[:300]}"
                self._keep(self.allowed, declared["x-permission"], user_name)
                if method == "get" and answer.text.startswith('{"items":[]') and tried < TRIES - 1:
                    empty = empty or (user_name, answer)
                elif answer.status_code < 300 or answer.status_code in EXERCISED:
                    self.told.add(user_name, answer, least=EXERCISED)
                    self.learn(user_name, address, answer.content)
                    return None
                tried += 1
                if tried >= TRIES:
                    break
            if tried >= TRIES:
                break
        if empty is None:
            return last
        self.told.add(*empty)
        return None

    def _askers(self, declared: Mapping[str, Any], address: str) -> list[str]:
        """Those who dealt with the thing first, then those who are known to hold the permission, then all others."""
        officials = self.told.tenant.officials
        if declared["x-audience"] == "official":
            others = sorted(officials, key=lambda name: (name.startswith(DOUBLE), name))
        else:
            others = sorted(self.told.tenant.signed_in - officials)
        dealt = [name for id_ in reversed(UUID.findall(address)) for name in self.dealt.get(id_, [])]
        known = self.allowed.get(declared["x-permission"], [])
        return [name for name in dict.fromkeys([*dealt, *known, *others]) if name in others]

    def _addresses(self, template: str) -> Iterator[str]:
        """The template with ids that are known at their places, then with those known by name, the newest first."""
        yield from dict.fromkeys([*self._filled(template, by_name=False), *self._filled(template, by_name=True)])

    def _filled(self, template: str, *, by_name: bool) -> Iterator[str]:
        def filled(done: str, rest: list[str]) -> Iterator[str]:
            if not rest:
                yield done
                return
            part, *others = rest
            if not part.startswith("{"):
                yield from filled(f"{done}/{part}", others)
                return
            name = part.strip("{}")
            known = [*reversed(self.below.get(done, []))]
            if by_name:
                known += [*reversed(self.named.get(name, [])), *PLACES.get(f"{done}/{part}", [])]
            for value in known[:TRIES]:
                yield from filled(f"{done}/{value}", others)

        yield from filled("", template.split("/")[1:])

    def _ask(
        self, user_name: str, method: str, template: str, address: str, declared: Mapping[str, Any]
    ) -> httpx.Response:
        session = self.told.tenant[user_name]
        headers = {"authorization": bearer(session), "accept-language": "zh"}
        if declared.get("x-idempotency"):
            headers["idempotency-key"] = str(uuid.uuid4())
        if method in ("put", "patch", "delete"):
            seen = session.http.get(address, headers=headers)
            headers["if-match"] = '"999999"' if template in OUTDATED else seen.headers.get("etag", '"1"')
        schema = declared.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        body = None
        if schema is not None:
            body = {**self._least(schema, ""), **self._made(method, template, schema), **BODIES.get(template, {})}
        params = {
            each["name"]: self._least(each["schema"], each["name"])
            for each in declared.get("parameters", [])
            if each["in"] == "query" and each.get("required")
        }
        return session.http.request(method.upper(), address, json=body, params=params or None, headers=headers)

    def _made(self, method: str, template: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """For a replacement, what the thing was made with."""
        makers = self.told.samples.get(("post", template.rpartition("/")[0]), [])
        if method != "put" or not makers:
            return {}
        takes = self.told.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
        made = json.loads(makers[-1].content)
        return {name: value for name, value in made.items() if name in takes}

    def _least(self, schema: Mapping[str, Any], name: str) -> Any:
        """The least value a schema takes; ids are those of things of that name."""
        if "$ref" in schema:
            return self._least(self.told.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._least(schema[choice][0], name)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind, form = schema.get("type"), schema.get("format")
        if kind == "object":
            return {each: self._least(schema["properties"][each], each) for each in schema.get("required", [])}
        if kind == "array":
            return [self._least(schema["items"], name.removesuffix("s")) for _ in range(schema.get("minItems", 0))]
        if kind in ("integer", "number"):
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        if kind == "boolean":
            return False
        if form == "uuid":
            things = f"/{name.removesuffix('_id')}s"
            made = [ids[-1] for address, ids in self.below.items() if address.endswith(things)]
            return (made or self.named.get(name) or [str(uuid.uuid4())])[-1]
        if form in ("date", "date-time"):
            return self.told.today if form == "date" else f"{self.told.today}T09:00:00Z"
        if "pattern" in schema and isinstance(self.seen.get(name), str):
            return self.seen[name]
        return "依据" * max(1, (int(schema.get("minLength", 1)) + 1) // 2)


def _order(operation: Operation) -> tuple[bool, int, bool, str]:
    # A post is given to a user made just before: nobody of the story loses theirs.
    return operation[0] != "get", operation[1].count("{"), not operation[1].endswith("/users"), operation[1]


def reach(stories: Sequence[Told]) -> None:
    """Ask whatever none of the stories asked, in the first of them where something fits; note who may do what."""
    asked = {operation for story in stories for operation in story.samples}
    left = dict.fromkeys((each for each in operations(stories[0].document) if each not in asked), "")
    for story in stories:
        reaching = Reaching(story)
        now = reaching.fill(left)
        left = {operation: f"{left[operation]} {last}".strip() for operation, last in now.items()}
        story.holders = reaching.allowed
    for story in stories:
        story.left = left
