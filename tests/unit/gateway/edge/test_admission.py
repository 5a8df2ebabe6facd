from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.admission import Admission, _in_force, admit, methods_at
from gateway.edge.facts import Facts
from gateway.edge.refusals import Asker
from gateway.edge.tokens import TokenChecker
from gateway.edgefeed.changes import (
    Change,
    ClientRemoved,
    ClientSet,
    GrantsSet,
    PostRemoved,
    RoutesSet,
    TenantRemoved,
    TenantSet,
    TokenRevoked,
)
from kernel.access.permission import Audience, Grant, Permission, permitted
from kernel.clock import local_date
from kernel.context import Actor, ActorKind
from kernel.errors import Forbidden, MethodNotAllowed, NotFound, Problem, Text, Unauthenticated, Unavailable

from .factory import (
    AUDIENCE,
    CLIENT,
    ISSUER,
    MACHINE,
    NOTICES,
    OTHER_TENANT,
    PERSON,
    POST,
    SLUG,
    TENANT,
    USER,
    facts,
    inbound,
    post,
    route,
    token,
)

NOW = 1_800_000_000.0
LINES = NOTICES + "/7/lines"


def decide(known: Facts, method: str = "GET", path: str = LINES, **claimed: Any) -> Admission:
    request = inbound(method, path, bearer=token(NOW, **claimed))
    return admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, Asker())


@pytest.mark.parametrize("ended", [{"exp": int(NOW) - 600}, {"jti": "token-9"}])
def test_a_token_out_of_force_still_says_whose_refusal_it_is(ended: dict[str, Any]) -> None:
    known, asker = facts(TokenRevoked(jti="token-9", until=NOW + 400)), Asker()
    request = inbound("GET", LINES, bearer=token(NOW, **ended))
    with pytest.raises(Unauthenticated):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, asker)
    assert asker.claims is not None
    assert (asker.tenant, asker.claims.user, asker.claims.post) == (TENANT, USER, POST)


def test_a_token_that_was_never_good_says_nothing_of_anybody() -> None:
    known, asker = facts(), Asker()
    request = inbound("GET", LINES, bearer=token(NOW, iss="https://elsewhere.example"))
    with pytest.raises(Unauthenticated):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, asker)
    assert asker.tenant is None


def test_a_handler_in_the_granted_post_is_admitted() -> None:
    made = decide(facts())
    assert (made.target, made.rate_key) == (LINES.encode(), TENANT.bytes + CLIENT.encode())
    assert (made.route.service, made.route.permission) == ("recruitment", "recruitment.notice.draft")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (TenantSet(id=TENANT, slug=SLUG, status="suspended"), Forbidden),
        (TenantRemoved(id=TENANT), Unauthenticated),
        (ClientRemoved(client_id=CLIENT), Unauthenticated),
        (ClientSet(client_id=CLIENT, tenant=OTHER_TENANT), Unauthenticated),
        (PostRemoved(id=POST), Forbidden),
        (post(user=PERSON), Forbidden),
        (post(tenant=OTHER_TENANT), Forbidden),
        (post(duty="viewer"), Forbidden),
        (post(level="league"), Forbidden),
        (post(department_kind="finance"), Forbidden),
        (GrantsSet(tenant=TENANT, grants={}), Forbidden),
        (GrantsSet(tenant=TENANT, grants={"recruitment.notice.draft": (Grant(()),)}), Forbidden),
    ],
)
def test_what_was_withdrawn_holds_no_longer(change: Change, problem: type[Problem]) -> None:
    known = facts()
    decide(known)
    known.apply(change)
    with pytest.raises(problem):
        decide(known)


def test_grants_of_one_tenant_are_nothing_in_another() -> None:
    known = facts(
        GrantsSet(tenant=TENANT, grants={}),
        GrantsSet(tenant=OTHER_TENANT, grants={"recruitment.notice.draft": (Grant(("society_work",)),)}),
    )
    with pytest.raises(Forbidden):
        decide(known)


def test_a_token_of_one_tenant_cannot_name_a_client_or_post_of_another() -> None:
    with pytest.raises(Unauthenticated):
        decide(facts(), tenant=str(OTHER_TENANT))


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_post_is_held_from_its_first_day_to_the_day_before_its_end_in_business_time(days: int) -> None:
    # The tenant lives one day ahead; its day is counted in Asia/Shanghai.
    known = facts()

    today = local_date(datetime.fromtimestamp(NOW + 86_400, UTC))
    known.apply(post(valid_from=today + timedelta(days=days), valid_before=today + timedelta(days=days + 1)))
    if days == 0:
        decide(known)
    else:
        with pytest.raises(Forbidden):
            decide(known)


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_the_business_day_is_the_local_date_of_the_kernel(instant: int) -> None:

    # Asia/Shanghai kept summer time until 1991; tenants live after it.
    instant = max(instant, 700_000_000)
    day = local_date(datetime.fromtimestamp(instant, UTC))
    since, before = _in_force(post(valid_from=day, valid_before=day + timedelta(days=1)))
    assert since <= instant < before
    assert _in_force(post(valid_from=day + timedelta(days=1)))[0] > instant
    assert _in_force(post(valid_from=date(1970, 1, 1), valid_before=day))[1] <= instant


AUDIENCES: list[Audience] = ["official", "person", "public", "client", "signed-in"]
KINDS: dict[ActorKind, dict[str, Any]] = {
    "official": {},
    "person": {"post": None, "person": str(PERSON)},
    "client": {"sub": MACHINE, "client_id": MACHINE, "post": None, "sid": None},
}


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("audience", AUDIENCES)
def test_edge_and_service_judge_alike(audience: Audience, kind: ActorKind, granted: bool) -> None:
    name, path = "recruitment.thing", "/api/v1/recruitment/things"
    grants = (Grant(("society_work",)),) if granted else ()
    client_grants = (name,) if granted else ()
    known = facts(
        RoutesSet(service="recruitment", routes=(route("GET", path, name, audience=audience),)),
        GrantsSet(tenant=TENANT, grants={name: grants}),
        ClientSet(client_id=MACHINE, tenant=TENANT, grants=client_grants),
    )
    actor = Actor(kind, department_kind="society_work", level="county", duty="handler")
    expected = permitted(actor, Permission(name, Text("", ""), audience), grants, client_grants)
    try:
        decide(known, path=path, **KINDS[kind])
        found = True
    except Forbidden:
        found = False
    assert found == expected


def test_a_user_without_post_or_person_is_asked_to_choose() -> None:
    with pytest.raises(Forbidden):
        decide(facts(), post=None)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", "Bearer ")],
        [("authorization", "Basic dTpw")],
        [("authorization", "bearerx abc")],
    ],
)
def test_without_a_bearer_token_nobody_is_known(headers: list[tuple[str, str]]) -> None:
    known = facts()
    request = inbound("GET", LINES, headers)
    with pytest.raises(Unauthenticated):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, Asker())


def test_a_token_in_the_query_is_no_token() -> None:
    known = facts()
    request = inbound("GET", f"{LINES}?access_token={token(NOW)}")
    with pytest.raises(Unauthenticated):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, Asker())


def test_public_pages_hide_other_operations_and_other_tenants() -> None:
    known = facts(TenantSet(id=OTHER_TENANT, slug="other", status="suspended"))
    assert set(methods_at(inbound(path=f"/public/{SLUG}/recruitment/notices"), known) or {}) == {"GET"}
    for path in (
        f"/public/{SLUG}/recruitment/me",
        "/public/other/recruitment/notices",
        "/public/x/recruitment/notices",
    ):
        with pytest.raises(NotFound):
            methods_at(inbound(path=path), known)


@pytest.mark.parametrize("path", ["/api/v1/roster/dossiers", f"/public/{SLUG}/roster/duties"])
def test_of_a_process_that_has_not_told_its_operations_nobody_says_that_they_are_not_there(path: str) -> None:
    known = facts(RoutesSet(service="roster", awaited=True))
    with pytest.raises(Unavailable):
        methods_at(inbound(path=path), known)
    assert methods_at(inbound(path=f"/public/{SLUG}/recruitment/notices"), known)
    with pytest.raises(NotFound):
        methods_at(inbound(path="/public/x/roster/duties"), known)
    known.apply(RoutesSet(service="roster"))
    with pytest.raises(NotFound):
        methods_at(inbound(path=path), known)


def test_a_slug_in_another_spelling_is_no_slug() -> None:
    known = facts()
    request = inbound(path="/public/b%61nner/recruitment/notices")
    with pytest.raises(NotFound):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, Asker())


def test_another_method_names_those_there_are() -> None:
    with pytest.raises(MethodNotAllowed) as caught:
        decide(facts(), "DELETE", NOTICES)
    assert caught.value.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_the_asker_is_known_as_far_as_the_checks_came() -> None:
    known, asker = facts(GrantsSet(tenant=TENANT, grants={})), Asker()
    request = inbound("GET", LINES, bearer=token(NOW))
    with pytest.raises(Forbidden):
        admit(request, methods_at(request, known), known, TokenChecker(ISSUER, AUDIENCE), NOW, asker)
    assert asker.claims is not None
    assert (asker.tenant, asker.claims.user, asker.claims.post, asker.template) == (
        TENANT,
        USER,
        POST,
        NOTICES + "/{notice_id}/lines",
    )
