"""Requests for the operations that no story tells: made from the API document and from what the stories left behind.

A path is filled with ids the stories know at that very place, a body with the least its schema asks for; the first who
is answered, or told that the thing stands otherwise (409), is the one who asks rightly. So a new operation is tried
without a word here; one that nothing fits stays untold, and the walk names it. What is made up harms nobody who is
still to act: the directory is changed on a day far ahead, a password is given to a user made for it, a workbook is
only tried.
"""

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import httpx

from kernel.files.sniffing import PDF
from tests.regulation_files import files_of
from tests.security.second_factors import set_up
from tests.security.story_requests import DOUBLE, UUID, Told, bearer, claims

METHODS = ("get", "post", "put", "patch", "delete")
EXERCISED = (409, 412)
"""The thing was found, and is in another state: the request was a right one."""
FORBIDDEN = 403
TRIES = 40
"""How often somebody tries something for one operation before it counts as one nothing fits."""
THINGS = 12
"""Records tried at one place of a path."""
USERS = "/api/v1/directory/users"
BODIES: Mapping[str, dict[str, Any]] = {
    USERS: {"user_name": f"walk.{uuid.uuid4().hex[:8]}"},
    f"{USERS}/{{user_id}}/password": {"password": "Wulan-cha 2025!"},
    "/api/v1/regulation/evaluations": {"rule": "eligibility.politics", "facts": {}},
    "/api/v1/regulation/drafts/{draft_id}/decisions": {"action": "reject"},
    "/api/v1/roster/dossiers/{dossier_id}/directed-determinations": {"rule": "directed.continuous_years"},
    "/api/v1/roster/honours": {"measure": "awards", "kind": "model_worker"},
    "/api/v1/roster/honours/{honour_id}/determinations": {"rule": "honour.contribution"},
    "/api/v1/roster/discipline-cases": {"breach": "early_sign"},
    "/api/v1/roster/discipline-cases/{case_id}/answer": {"waived": True},
    "/api/v1/roster/discipline-cases/{case_id}/finding": {"parts": {"early_sign": True}},
    "/api/v1/roster/subsidies": {
        "occasion": "emergency",
        "on_task_from": "2024-09-03",
        "on_task_before": "2024-09-05",
        "month": "2024-09-01",
    },
    "/api/v1/roster/dossiers/{dossier_id}/right-provisions": {"right": "safety"},
    "/api/v1/roster/own/right-claims": {"right": "safety", "record": "provision"},
    "/api/v1/roster/dossiers/{dossier_id}/compensation-what-ifs": {"ground": "fault", "last_day": "2030-01-31"},
    "/api/v1/roster/exits/{exit_id}/tolerance-finding": {
        "parts": dict.fromkeys(("hard_task", "active_performance", "error", "active_correction"), True)
    },
}
"""Members whose values no schema tells: they are words of the pack, or must be new."""
DIRECTORY = "/api/v1/directory/"
FAR_AHEAD = {"valid_from": "2099-01-01", "valid_before": "2099-12-31"}
"""When the directory is changed: by then the stories have ended."""
GROUPS = "/api/v1/regulation/rule-groups"
PLACES: Mapping[str, list[str]] = {
    "/api/v1/regulation/articles/{number}": ["NM-8", "SH-8"],
    f"{GROUPS}/{{group}}": ["eligibility"],
} | {
    f"/api/v1/{service}/document-templates/{{kind}}": ["approval_form"]
    for service in ("recruitment", "roster", "assessment", "training")
}
"""What stands in a path and is no id."""
PARAMETERS: Mapping[str, Mapping[str, str]] = {"/api/v1/regulation/differences": {"earlier": "1", "later": "1"}}
"""What is asked for by other words than ids."""
DRAFTS = "/api/v1/regulation/drafts"
QUESTIONS = ("/api/v1/regulation/explanations", "/api/v1/regulation/what-ifs", f"{DRAFTS}/{{draft_id}}/what-ifs")
FACTS: Mapping[str, Any] = {"bool": False, "int": 0, "date": "2024-09-02", "texts": [], "integers": []}
"""By kind of fact; a text is a word of the pack."""
FILES: Mapping[str, bytes] = {PDF: b"%PDF-1.4\n%%EOF\n"}
REMOVALS = f"{USERS}/{{user_id}}/second-factor-removals"
"""Asked of somebody who has a second factor: one of the officials' doubles sets one up."""

Operation = tuple[str, str]


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """All operations."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if "x-permission" in item.get(method, {}):
                yield method, path


def resource(address: str) -> str:
    """Service and collection of an address: where a word has one meaning."""
    return "/".join(address.split("/")[3:5])


class Reaching:
    """What a told story knows, and the requests made from it."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.below: dict[str, list[str]] = {}
        """Ids by the address they stood under."""
        self.named: dict[str, list[str]] = {}
        """Ids by the name of the member that held them; the same by resource and name."""
        self.allowed: dict[str, list[str]] = {}
        """Who was not forbidden, by permission."""
        self.dealt: dict[str, list[str]] = {}
        """Who dealt with a thing, by its id."""
        self.seen: dict[str, Any] = {}
        """What last stood in a member of that name, where it was no id; the same by resource and name."""
        for (method, template), samples in told.samples.items():
            permission = told.document["paths"][template][method]["x-permission"]
            for sample in samples:
                self.learn(sample.user_name, sample.url.partition("?")[0], sample.answer, sample.content)
                self.learn(sample.user_name, sample.location)
                if sample.user_name:
                    self._keep(self.allowed, permission, sample.user_name)

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
                    self._keep(self.named, f"{re.split('[/-]', address)[-1].removesuffix('s')}_id", row["id"])
                    self._keep(self.dealt, row["id"], user_name)
            self._name(held, resource(address))

    def _name(self, held: Any, where: str) -> None:
        if isinstance(held, list):
            for each in held:
                self._name(each, where)
        elif isinstance(held, dict):
            for name, value in held.items():
                if isinstance(value, str) and UUID.fullmatch(value):
                    self._keep(self.named, name, value)
                    self._keep(self.named, f"{where}:{name}", value)
                else:
                    if value is not None:
                        self.seen[name] = self.seen[f"{where}:{name}"] = value
                    self._name(value, where)

    @staticmethod
    def _keep(kept: dict[str, list[str]], name: str, value: str) -> None:
        values = kept.setdefault(name, [])
        if value not in values:
            values.append(value)

    def fill(self, waiting: Iterable[Operation]) -> dict[Operation, str]:
        """Ask these as long as one opens the way to another; those that nothing fitted, with the last answer."""
        left = dict.fromkeys(sorted(waiting, key=_order), "")
        while True:
            now = {each: last for each in left if (last := self._reach(*each)) is not None}
            if len(now) == len(left):
                return {each: f"{self.told.tale.name}: {last}" for each, last in now.items()}
            left = now

    def _reach(self, method: str, template: str) -> str | None:
        declared = self.told.document["paths"][template][method]
        last, second_best = "no id is known for its path", None
        for user_name, address, answer in islice(self._tries(method, template, declared), TRIES):
            last = f"{user_name} {address}: {answer.status_code} {answer.text[:300]}"
            if answer.status_code in EXERCISED or answer.text.startswith('{"items":[]'):
                # About another thing more may be said, and somebody else may see some.
                second_best = second_best or (user_name, answer)
            elif answer.status_code < 300:
                self.told.add(user_name, answer)
                self.learn(user_name, address, answer.content)
                self.learn(user_name, answer.headers.get("location", ""))
                return None
        if second_best is None:
            return last
        self.told.add(*second_best, least=EXERCISED)
        return None

    def _tries(
        self, method: str, template: str, declared: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, httpx.Response]]:
        """What those are answered who are not forbidden it: about each thing its nearest, then the next of each."""
        waiting = [(address, iter(self._askers(declared, address))) for address in self._addresses(template)]
        forbidden: set[str] = set()
        while waiting:
            following = []
            for address, askers in waiting:
                user_name = next((name for name in askers if name not in forbidden), None)
                if user_name is None:
                    continue
                following.append((address, askers))
                answer = self._ask(user_name, method, template, address, declared)
                if answer.status_code == FORBIDDEN:
                    forbidden.add(user_name)
                else:
                    self._keep(self.allowed, declared["x-permission"], user_name)
                    yield user_name, address, answer
            waiting = following

    def _askers(self, declared: Mapping[str, Any], address: str) -> list[str]:
        """Those who dealt with the thing first, then those who are known to hold the permission, then all others."""
        officials = self.told.tenant.officials
        if declared["x-audience"] == "public":
            return [""]
        if declared["x-audience"] == "official":
            others = sorted(officials, key=lambda name: (name.startswith(DOUBLE), name))
        else:
            others = sorted(self.told.tenant.signed_in - officials)
        dealt = [name for id_ in reversed(UUID.findall(address)) for name in self.dealt.get(id_, [])]
        known = self.allowed.get(declared["x-permission"], [])
        return [name for name in dict.fromkeys([*dealt, *known, *others]) if name in others]

    def _addresses(self, template: str) -> Iterator[str]:
        """The template with ids that are known at their places, then with those known by name, the newest first."""
        if template == REMOVALS:
            double = self.told.tenant[max(name for name in self.told.tenant.officials if name.startswith(DOUBLE))]
            set_up(double)
            yield template.replace("{user_id}", str(claims(double)["sub"]))
            return
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
            known = [self.told.tenant.slug] if name == "tenant" else [*reversed(self.below.get(done, []))]
            # Whoever is given a password signs in anew: nobody but who was made for it.
            if by_name and done != USERS:
                known += [*reversed(self.named.get(name, [])), *PLACES.get(f"{done}/{part}", [])]
            for value in known[:THINGS]:
                yield from filled(f"{done}/{value}", others)

        yield from filled("", template.split("/")[1:])

    def _ask(
        self, user_name: str, method: str, template: str, address: str, declared: Mapping[str, Any]
    ) -> httpx.Response:
        http, headers = self.told.tenant.anybody, {"accept-language": "zh"}
        if user_name:
            http = self.told.tenant[user_name].http
            headers["authorization"] = bearer(self.told.tenant[user_name])
        if declared.get("x-idempotency"):
            headers["idempotency-key"] = str(uuid.uuid4())
        content = b""
        if declared.get("x-upload"):
            # A file of the kind that the platform itself hands out for it.
            headers["content-type"] = declared["x-upload"][0]
            made = FILES.get(headers["content-type"])
            content = http.get(f"{address}/template", headers=headers).content if made is None else made
        shown: dict[str, Any] = {}
        if method in ("put", "patch", "delete"):
            seen = http.get(address, headers=headers)
            headers["if-match"] = seen.headers.get("etag", '"1"')
            shown = seen.json() if seen.status_code == 200 else {}
        schema = declared.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            headers["content-type"] = "application/json"
            body = self._least(schema, "", template) | self._made(method, template, schema, shown)
            body |= BODIES.get(template, {})
            if template == DRAFTS:
                body["files"] = files_of(self.told.tale.description.parent, f"99.{uuid.uuid4().int % 1000}")
            if template in QUESTIONS:
                body |= self._question(http.get(f"{GROUPS}/eligibility", headers=headers).json())
            content = json.dumps(body).encode()
        params = {
            each["name"]: self._least(each["schema"], each["name"], template)
            for each in declared.get("parameters", [])
            if each["in"] == "query" and each.get("required")
        } | PARAMETERS.get(template, {})
        return http.request(method.upper(), address, content=content, params=params or None, headers=headers)

    @staticmethod
    def _question(group: Mapping[str, Any]) -> dict[str, Any]:
        """A group of rules with the least facts that they read."""
        facts = {each["name"]: FACTS.get(each["kind"], next(iter(each["values"]), "")) for each in group["facts"]}
        return {"group": group["group"], "facts": facts}

    def _made(
        self, method: str, template: str, schema: Mapping[str, Any], shown: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """For a replacement what the thing was made with, for a change what it shows: nothing is another afterwards."""
        makers = self.told.samples.get(("post", template.rpartition("/")[0]), [])
        if method == "put" and makers:
            shown = json.loads(makers[-1].content)
        if not shown:
            return {}
        takes = self.told.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
        return {name: value for name, value in shown.items() if name in takes and value is not None}

    def _least(self, schema: Mapping[str, Any], name: str, template: str) -> Any:
        """The least value a schema takes; ids are those of things of that name."""
        if "$ref" in schema:
            known = self.told.document["components"]["schemas"]
            return self._least(known[schema["$ref"].rpartition("/")[2]], name, template)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._least(schema[choice][0], name, template)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind, form = schema.get("type"), schema.get("format")
        if kind == "object":
            members = schema.get("properties", {})
            return {each: self._least(members[each], each, template) for each in schema.get("required", [])}
        if kind == "array":
            item = self._least(schema["items"], name.removesuffix("s"), template)
            return [item] * schema.get("minItems", 0)
        if kind in ("integer", "number"):
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        if kind == "boolean":
            return name == "dry_run"
        if form == "uuid":
            return self._id(name, template)
        if form == "date" and template.startswith(DIRECTORY) and name in FAR_AHEAD:
            return FAR_AHEAD[name]
        if form in ("date", "date-time"):
            return self.told.today if form == "date" else f"{self.told.today}T09:00:00Z"
        seen = self.seen.get(f"{resource(template)}:{name}", self.seen.get(name))
        if "pattern" in schema and isinstance(seen, str):
            return seen
        return "依据" * max(1, (int(schema.get("minLength", 1)) + 1) // 2)

    def _id(self, name: str, template: str) -> str:
        """Of whatever such a member held there, of a thing of that name, of what the address is about."""
        if name == "user_id" and USERS in self.below:
            # Nobody of the story is given anything.
            return self.below[USERS][-1]
        things = f"/{name.removesuffix('_id')}s"
        made = [ids[-1] for address, ids in self.below.items() if address.endswith(things)]
        there = self.named.get(f"{resource(template)}:{name}")
        known = there or made or self.named.get(name) or self.below.get(template.partition("/{")[0])
        return known[-1] if known else str(uuid.uuid4())


def _order(operation: Operation) -> tuple[int, bool, bool, str]:
    # A post is given to a user made just before: nobody of the story loses theirs.
    method, template = operation
    return template.count("{"), method == "get", not template.endswith("/users"), template


def reach(stories: Sequence[Told]) -> None:
    """Ask whatever none of the stories asked, in the first of them where something fits."""
    asked = {operation for story in stories for operation in story.samples}
    left = dict.fromkeys((each for each in operations(stories[0].document) if each not in asked), "")
    for story in stories:
        now = Reaching(story).fill(left)
        left = {operation: f"{left[operation]} {last}".strip() for operation, last in now.items()}
    for story in stories:
        # Whoever lost a second factor was signed out.
        story.tenant.sign_in_again()
        story.left = left
