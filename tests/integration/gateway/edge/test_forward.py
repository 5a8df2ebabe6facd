import time
from collections.abc import AsyncIterator

import pytest

from kernel.access.principal import HEADER, Principal, sign
from tests.unit.gateway.edge.factory import CLIENT, MACHINE, NOTICES, PERSON, POST, TENANT, USER, token

from .harness import PRINCIPAL_KEY, Service, Stack, serving, stack, until

OWN = "/api/v1/recruitment/me"
ONE = NOTICES + "/01900000-0000-7000-8000-000000000301"


@pytest.fixture(name="service", scope="module")
def _service() -> Service:
    return Service()


@pytest.fixture(name="at", scope="module")
async def _stack(service: Service) -> AsyncIterator[Stack]:
    async with serving(service) as port, stack(port) as made:
        yield made


@pytest.fixture(autouse=True)
def _plain(service: Service) -> None:
    service.status, service.body, service.handler = 200, b'{"ok":true}', None
    service.seen.clear()


def bearer(**changed: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(**changed)}"}  # type: ignore[arg-type]  # claims by name


async def test_an_official_is_forwarded_with_scope_permission_and_business_time(at: Stack, service: Service) -> None:
    answer = await at.client.post(NOTICES, json={"a": 1}, headers=bearer())
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    principal = service.principal()
    assert (principal.kind, principal.tenant, principal.user, principal.post) == (
        "official",
        TENANT.bytes,
        USER.bytes,
        POST.bytes,
    )
    assert (principal.lo, principal.hi, principal.unit_no) == (3000, 5999, 3000)
    assert (principal.permission, principal.level, principal.duty) == ("recruitment.notice.draft", "county", "handler")
    assert 86_395 < principal.business_time - time.time() < 86_405
    assert principal.request_id == answer.headers["x-request-id"]
    assert service.seen[0]["size"] == 7
    assert "authorization" not in service.seen[0]["headers"]


async def test_a_person_sees_own_records_only(at: Stack, service: Service) -> None:
    assert (await at.client.get(OWN, headers=bearer(post=None, person=str(PERSON)))).status_code == 200
    principal = service.principal()
    assert (principal.kind, principal.person, principal.lo, principal.hi) == ("person", PERSON.bytes, 1, 0)


async def test_a_client_for_itself_acts_tenant_wide_by_its_own_grants(at: Stack, service: Service) -> None:
    machine = bearer(sub=MACHINE, client_id=MACHINE, post=None, sid=None)
    assert (await at.client.get("/api/v1/recruitment/feeds", headers=machine)).status_code == 200
    principal = service.principal()
    assert (principal.kind, principal.user, principal.lo) == ("client", None, 0)
    assert principal.client_grants == ("recruitment.feed", "recruitment.notice.draft")
    assert (await at.client.get(NOTICES + "/overdue", headers=machine)).status_code == 403


async def test_the_public_reaches_public_operations_of_a_tenant_by_name(at: Stack, service: Service) -> None:
    answer = await at.client.get("/public/banner/recruitment/notices?q=%E7%A4%BE")
    assert answer.status_code == 200
    assert service.seen[0]["path"] == NOTICES
    assert service.seen[0]["scope"]["query_string"] == b"q=%E7%A4%BE"
    principal = service.principal()
    assert (principal.kind, principal.tenant, principal.lo, principal.hi) == ("public", TENANT.bytes, 1, 0)


@pytest.mark.parametrize(
    "path",
    [
        "/public/nobody/recruitment/notices",
        "/public/banner/recruitment/me",
        "/public/banner/recruitment/none",
        "/public/banner",
        "/public/",
        "/api/v1/recruitment/none",
        "/api/v2/recruitment/notices",
        "/health/other",
        "/internal",
    ],
)
async def test_an_unknown_path_answers_404_and_reaches_nobody(at: Stack, service: Service, path: str) -> None:
    answer = await at.client.get(path, headers=bearer())
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert service.seen == []


async def test_no_token_answers_401_with_the_way_to_ask(at: Stack, service: Service) -> None:
    answer = await at.client.get(ONE + "/lines", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not signed in"
    assert service.seen == []


async def test_the_principal_is_never_taken_from_the_client(at: Stack, service: Service) -> None:
    forged = sign(
        Principal(
            service="recruitment",
            method="POST",
            path=NOTICES,
            issued_at=time.time(),
            tenant=TENANT.bytes,
            lo=0,
            hi=2**31 - 1,
            kind="system",
            business_time=0.0,
            permission="recruitment.notice.draft",
            request_id="x",
        ),
        bytes.fromhex(PRINCIPAL_KEY),
    )
    headers = bearer() | {
        HEADER: forged,
        "shegong_principal": forged,
        "Shegong-Tenant": "x",
        "Shegong-Position": "7",
        "X-Request-Id": "mine",
        "X-Forwarded-For": "203.0.113.9",
    }
    await at.client.post(NOTICES, headers=headers)
    assert service.principal().kind == "official"
    got = service.seen[0]["headers"]
    assert [name for name, _ in service.seen[0]["scope"]["headers"]].count(HEADER.lower().encode()) == 1
    assert {"shegong_principal", "shegong-tenant"}.isdisjoint(got)
    assert (got["shegong-position"], got["x-forwarded-for"]) == ("7", "127.0.0.1")
    assert got["x-request-id"] != "mine"
    assert (await at.client.post(NOTICES, headers={HEADER: forged})).status_code == 401


async def test_a_valid_trace_is_continued_and_an_invalid_one_begun_anew(at: Stack, service: Service) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    await at.client.get(
        NOTICES, headers=bearer() | {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "tracestate": "a=b"}
    )
    sent = service.seen[0]["headers"]
    assert sent["traceparent"].startswith(f"00-{trace}-")
    assert "00f067aa0ba902b7" not in sent["traceparent"]
    assert sent["tracestate"] == "a=b"
    await at.client.get(
        NOTICES, headers=bearer() | {"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01", "tracestate": "a=b"}
    )
    assert "0" * 32 not in service.seen[1]["headers"]["traceparent"]
    assert "tracestate" not in service.seen[1]["headers"]


async def test_head_is_get_without_the_body(at: Stack, service: Service) -> None:
    answer = await at.client.head(NOTICES, headers=bearer())
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "11")
    assert service.seen[0]["method"] == "GET"


async def test_another_method_answers_405_with_those_there_are(at: Stack) -> None:
    answer = await at.client.patch(NOTICES, headers=bearer())
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    plain = await at.client.options(NOTICES)
    assert (plain.status_code, plain.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


async def test_open_paths_go_to_the_gateway_with_cookies_and_without_a_principal(at: Stack, service: Service) -> None:
    headers = bearer() | {"Cookie": "session=1"}
    for path in ("/", "/oauth/userinfo", "/.well-known/openid-configuration", "/docs", "/problems/not-found"):
        assert (await at.client.get(path, headers=headers)).status_code == 200
        got = service.seen[-1]["headers"]
        assert service.seen[-1]["path"] == path
        assert got["cookie"] == "session=1"
        assert "authorization" in got
        assert HEADER.lower() not in got


async def test_answers_carry_security_and_rate_fields(at: Stack, service: Service) -> None:
    service.headers = (
        (b"content-type", b"application/json"),
        (b"access-control-allow-origin", b"*"),
        (b"etag", b'"1"'),
    )
    answer = await at.client.get(NOTICES, headers=bearer())
    service.headers = ((b"content-type", b"application/json"),)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["ratelimit-policy"] == '"client";q=4000;w=2'
    assert answer.headers["ratelimit"].startswith('"client";r=')
    assert "access-control-allow-origin" not in answer.headers


async def test_registered_origins_alone_may_read(at: Stack) -> None:
    good, bad = {"Origin": "https://portal.example"}, {"Origin": "https://evil.example"}
    ask = {"Access-Control-Request-Method": "POST"}
    preflight = await at.client.options(NOTICES, headers=good | ask)
    assert preflight.headers["access-control-allow-origin"] == "https://portal.example"
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    assert (await at.client.options(NOTICES, headers=bad | ask)).status_code == 403
    assert (await at.client.options("/oauth/authorize", headers=good | ask)).status_code == 403
    allowed = "access-control-allow-origin"
    assert (await at.client.get(NOTICES, headers=good | bearer())).headers[allowed] == "https://portal.example"
    assert allowed not in (await at.client.get(NOTICES, headers=bad | bearer())).headers
    machine = bearer(sub=MACHINE, client_id=MACHINE, post=None, sid=None)
    assert allowed not in (await at.client.get(NOTICES, headers=good | machine)).headers
    assert allowed in (await at.client.get("/public/banner/recruitment/notices", headers=good)).headers
    assert allowed not in (await at.client.get("/oauth/authorize", headers=good)).headers
    assert allowed in (await at.client.get("/oauth/token", headers=good)).headers


async def test_refusals_on_operations_reach_the_audit_without_ids_of_records(at: Stack, service: Service) -> None:
    at.refusals.clear()
    service.status = 404
    await at.client.get(ONE, headers=bearer())
    service.status = 200
    await at.client.get(NOTICES + "/overdue", headers=bearer())
    await at.client.get(ONE + "/lines")
    await at.client.get("/api/v1/recruitment/no-such/990101200001010010")
    await until(lambda: len(at.refusals) >= 3)
    assert [(refusal.status, refusal.path) for refusal in at.refusals] == [
        (404, NOTICES + "/{notice_id}"),
        (403, NOTICES + "/overdue"),
        (401, NOTICES + "/{notice_id}/lines"),
    ]
    first, second, third = at.refusals
    assert (second.tenant, second.user, second.post, second.client_id) == (TENANT, USER, POST, CLIENT)
    assert (third.tenant, third.user, third.address) == (None, None, "127.0.0.1")
    assert first.request_id != second.request_id


async def test_a_refusal_of_what_a_body_or_filter_names_reaches_the_audit_too(at: Stack, service: Service) -> None:
    at.refusals.clear()
    service.status = 404
    await at.client.get(NOTICES, headers=bearer())
    service.status = 200
    await at.client.get(NOTICES, headers=bearer())
    await until(lambda: len(at.refusals) >= 1)
    assert [(each.status, each.path, each.user) for each in at.refusals] == [(404, NOTICES, USER)]


async def test_health_tells_of_the_lease(at: Stack) -> None:
    assert (await at.client.get("/health/live")).json() == {"status": "live"}
    assert (await at.client.get("/health/ready")).json() == {"status": "ready"}
