"""An official with posts in two counties acts in exactly one of them; the rights of both are never joined (T3, T5).

On the whole platform: the second post is given as it would be, the acting post is changed by token exchange (RFC 8693),
and every list the post may read is read in each.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.cli.demo.cast import Tenant
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.matrix import Matrix, Seat
from deploy.cli.permissions import matrices_of
from deploy.cli.stack.testing import RunningStack
from tests.tenants import add_tenant

BEGINS = datetime(2024, 9, 2, 1, tzinfo=UTC)
DAY = "2024-09-02"
DEPUTY = "xincheng.society.handler"
HERE, THERE = "150102", "150103"
COMMUNITIES = {HERE: "150102091091", THERE: "150103091091"}
SEAT = Seat("society_work", "county", "handler")
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 -- a type's name, no secret


@dataclass(frozen=True)
class Deputy:
    """Somebody with two posts: an access token for each, the post of each, and the plan that each county drafted."""

    session: Session
    tokens: dict[str, str]
    posts: dict[str, dict[str, Any]]
    plans: dict[str, str]
    units: dict[str, dict[str, Any]]

    def get(self, county: str, path: str) -> httpx.Response:
        """Read in the post of that county."""
        headers = {"Authorization": f"Bearer {self.tokens[county]}"}
        return self.session.http.get(f"/api/v1{path}", headers=headers)

    def post(self, county: str, path: str, body: Any) -> httpx.Response:
        """Make in the post of that county."""
        headers = {"Authorization": f"Bearer {self.tokens[county]}", "Idempotency-Key": f"{county}-{len(path)}-{path}"}
        return self.session.http.post(f"/api/v1{path}", json=body, headers=headers)

    def ids_of(self, county: str) -> set[str]:
        """Every id that belongs to a county: its units and its plan."""
        top = self.units[county]
        below = {unit["id"] for unit in self.units.values() if top["unit_no"] <= unit["unit_no"] <= top["last_no"]}
        return below | {self.plans[county]}


@pytest.fixture(scope="module")
def tenant(stack: RunningStack) -> Iterator[Tenant]:
    made = Tenant(stack.base_url, add_tenant(stack, "two-posts", BEGINS))
    yield made
    made.close()


@pytest.fixture(scope="module")
def deputy(tenant: Tenant) -> Deputy:
    session, security = tenant[DEPUTY], tenant["admin.security"]
    listed = security.get("/directory/units", limit="200").json()["items"]
    units = {unit["code"]: unit for unit in listed}
    claims = json.loads(urlsafe_b64decode(session.tokens["access_token"].split(".")[1] + "=="))
    departments = security.get(f"/directory/units/{units[THERE]['id']}/departments").json()
    wanted = next(each for each in departments if each["kind"] == SEAT.department)
    grant = {"user_id": claims["sub"], "department_id": wanted["id"], "duty": SEAT.duty, "valid_from": DAY}
    given = security.post("/directory/posts", grant)
    assert given.status_code == 201, given.text
    first = next(
        post for post in security.get("/directory/posts", limit="200").json()["items"] if post["id"] == claims["post"]
    )
    posts = {HERE: first, THERE: given.json()}
    tokens = {HERE: session.tokens["access_token"]}
    wait_for(lambda: session.get("/recruitment/plans").status_code == 200, "the tenant in recruitment")

    def exchanged() -> bool:
        answer = exchange(session, posts[THERE]["id"])
        tokens[THERE] = answer.json().get("access_token", "")
        return answer.status_code == 200

    wait_for(exchanged, "the second post at the token endpoint")
    made = Deputy(session, tokens, posts, {}, units)
    wait_for(lambda: made.get(THERE, "/recruitment/plans").status_code == 200, "the second post at the edge")
    for county in (HERE, THERE):
        drafted = made.post(county, "/recruitment/plans", plan_of(units[COMMUNITIES[county]]["id"]))
        assert drafted.status_code == 201, drafted.text
        made.plans[county] = drafted.json()["id"]
    return made


def exchange(session: Session, post: str) -> httpx.Response:
    """Ask for a token in another post."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": session.tokens["access_token"],
        "subject_token_type": ACCESS_TOKEN,
        "acting_post": post,
        "client_id": session.client_id,
    }
    return session.http.post("/oauth/token", data=form)


def plan_of(community: str) -> dict[str, Any]:
    """The least that a plan says."""
    item = {"community_unit_id": community, "category": "community_staff", "post_title": "社区专职工作人员", "posts": 1}
    return {"title": "招聘方案", "publicity_days": 5, "publicity_unit": "working", "items": [item]}


def lists(document: dict[str, Any], matrix: Matrix) -> Iterator[str]:
    """Every reading without an id in its address that the post may do."""
    for path, item in document["paths"].items():
        if "get" not in item or "{" in path or not path.startswith("/api/v1/"):
            continue
        audience, permission = item["get"].get("x-audience"), item["get"].get("x-permission")
        if audience == "signed-in" or SEAT in matrix.seats.get(permission, frozenset()):
            yield path.removeprefix("/api/v1")


def test_each_list_shows_one_county(deputy: Deputy, stack: RunningStack) -> None:
    document = httpx.get(f"{stack.base_url}/openapi.json", trust_env=False).json()
    matrix = next(each for each in matrices_of() if each.id == "neimenggu")
    read, shown = 0, {HERE: set[str](), THERE: set[str]()}
    for path in lists(document, matrix):
        for county, other in ((HERE, THERE), (THERE, HERE)):
            answer = deputy.get(county, path)
            if answer.status_code != 200:
                # Some ask for a filter; that is said before anything is looked up.
                assert answer.status_code in (400, 409, 422), (path, answer.text)
                continue
            ids = set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.text))
            assert not ids & deputy.ids_of(other), (path, county)
            shown[county] |= ids & deputy.ids_of(county)
            read += 1
    assert read > 40
    # Else the lists would be one-county because they are empty.
    for county in (HERE, THERE):
        assert {deputy.plans[county], deputy.units[county]["id"]} <= shown[county]


def test_a_record_of_the_other_post_is_not_there(deputy: Deputy) -> None:
    for county, other in ((HERE, THERE), (THERE, HERE)):
        assert deputy.get(county, f"/recruitment/plans/{deputy.plans[county]}").status_code == 200
        missing = deputy.get(county, f"/recruitment/plans/{deputy.plans[other]}")
        assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")


def test_nothing_is_made_for_the_county_of_the_other_post(deputy: Deputy) -> None:
    for county, other in ((HERE, THERE), (THERE, HERE)):
        community = deputy.units[COMMUNITIES[other]]["id"]
        path = f"/recruitment/plans/{deputy.plans[county]}"
        before = deputy.get(county, path).json()
        refused = deputy.session.http.put(
            f"/api/v1{path}",
            json=plan_of(community),
            headers={"Authorization": f"Bearer {deputy.tokens[county]}", "If-Match": f'"{before["version"]}"'},
        )
        assert refused.status_code in (404, 422), refused.text
        assert deputy.get(county, path).json() == before


def test_one_request_with_two_tokens_is_refused(deputy: Deputy) -> None:
    both = [("Authorization", f"Bearer {deputy.tokens[county]}") for county in (HERE, THERE)]
    assert deputy.session.http.get("/api/v1/recruitment/plans", headers=both).status_code in (400, 401)


def test_the_refresh_token_follows_the_post_that_was_chosen_last(deputy: Deputy) -> None:
    for county in (THERE, HERE):
        assert exchange(deputy.session, deputy.posts[county]["id"]).status_code == 200
        assert deputy.session.refresh().status_code == 200
        listed = deputy.session.get("/recruitment/plans").json()["items"]
        assert [each["id"] for each in listed] == [deputy.plans[county]]


def test_a_post_that_is_over_opens_nothing_though_the_other_is_held(deputy: Deputy, tenant: Tenant) -> None:
    path = f"/directory/posts/{deputy.posts[THERE]['id']}"
    security = tenant["admin.security"]
    version = security.get(path).json()["version"]
    ended = security.call("PATCH", path, {"valid_before": "2024-09-03"}, version=version)
    assert ended.status_code == 200, ended.text
    moved = tenant["admin.system"].post("/directory/business-time", {"business_time": "2024-09-03T01:00:00+00:00"})
    assert moved.status_code == 200, moved.text
    wait_for(lambda: deputy.get(THERE, "/recruitment/plans").status_code == 403, "the end of the post at the edge")
    assert deputy.get(HERE, "/recruitment/plans").status_code == 200
    answer = exchange(deputy.session, deputy.posts[THERE]["id"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
