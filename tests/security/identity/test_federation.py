"""Sign-in by a tenant's own provider: a second identity server, which is another tenant's; and one that lies."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import text
from starlette.requests import Request

from gateway.identity import actions as identity
from gateway.identity.federation import actions, queries
from kernel.clock import utcnow
from kernel.errors import Text
from tests.security.identity.house import PASSWORD, House, make_house
from tests.security.identity.visitor import Visitor, answer_of

SECRET = "a client's s:ecret/ü"  # noqa: S105 - of a provider made for one test
NAME = Text("本地统一认证", "the local provider")


class Provider:
    """A provider that can be told to lie: `claims` and `header` change what it signs."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, private=True, parameters={"kid": "one"})
        self.published = self.key
        self.issuer = ""
        self.about: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.signing: Any = None
        self.nonce = ""
        self.asked: list[dict[str, str]] = []
        self.key_fetches = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        async def about() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            } | self.about

        @app.get("/keys")
        async def keys() -> dict[str, Any]:
            self.key_fetches += 1
            return {"keys": [self.published.as_dict(private=False)]}

        @app.post("/token")
        async def token(request: Request) -> dict[str, Any]:
            form = {name: value[0] for name, value in parse_qs((await request.body()).decode()).items()}
            self.asked.append(form | {"authorization": request.headers.get("authorization", "")})
            now = int(time.time())
            claims = {
                "iss": self.issuer,
                "aud": "us",
                "sub": "subject-1",
                "iat": now,
                "exp": now + 60,
                "nonce": self.nonce,
                "login": "official",
            } | self.claims
            claims = {name: value for name, value in claims.items() if value is not None}
            made = jwt.encode(self.header, claims, self.signing or self.key, algorithms=["RS256", "HS256"])
            return {"access_token": "t", "token_type": "Bearer", "id_token": made}

        return app


@contextlib.asynccontextmanager
async def running(provider: Provider) -> AsyncIterator[Provider]:
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_config=None, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    provider.issuer = f"http://localhost:{listener.getsockname()[1]}"
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield provider
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with running(Provider()) as provider:
        yield provider


async def trust(house: House, issuer: str, **rules: Any) -> UUID:
    values = {"client_id": "us", "secret": SECRET, "name": NAME, "name_claim": "login"} | rules
    async with house.database.transaction(house.context()) as tx:
        return await actions.set_provider(tx, issuer=issuer, **values)


async def go_out(visitor: Visitor, provider_id: UUID) -> tuple[httpx.Response, dict[str, str]]:
    page = await visitor.authorize()
    assert f"/oauth/federated?provider={provider_id}" in page.text
    query = str(httpx.QueryParams(visitor.request()))
    out = await visitor.http.get("/oauth/federated", params={"provider": str(provider_id), "request": query})
    location = out.headers.get("location", "")
    return out, {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}


async def by_provider(visitor: Visitor, provider: Provider, provider_id: UUID, **back: str) -> httpx.Response:
    """All the way; the answer to the coming back."""
    out, sent = await go_out(visitor, provider_id)
    assert out.status_code == 303
    provider.nonce = sent["nonce"]
    return await visitor.http.get("/oauth/federated/callback", params={"code": "c", "state": sent["state"]} | back)


async def test_another_tenant_s_identity_server_signs_a_user_in(own_house: House) -> None:
    """The real thing on both sides: discovery, code, PKCE, nonce, client secret, ID token."""
    async with own_house.database.transaction(own_house.context()) as tx:
        callback = own_house.issuer + actions.CALLBACK
        web = await identity.register_client(tx, "federation", [callback], "web", True)
    other = await make_house(own_house.desk, own_house.feed)
    provider_id = await trust(
        other,
        own_house.issuer,
        client_id=web.client_id,
        secret=web.secret,
        name_claim="preferred_username",
    )
    async with Visitor(other) as visitor:
        out, _ = await go_out(visitor, provider_id)
        assert out.headers["location"].startswith(f"{own_house.issuer}/oauth/authorize?")
        page = await visitor.http.get(out.headers["location"])
        signed = await visitor.submit(page, "/oauth/sign-in", user_name="official", password=PASSWORD)
        back = await visitor.http.get(signed.headers["location"])
        assert back.headers["location"].startswith(callback)
        done = await visitor.http.get(back.headers["location"])
        assert done.status_code == 303, done.text
        code = answer_of(await visitor.http.get(done.headers["location"]))["code"]
        tokens = (await visitor.redeem(code)).json()
        info = await visitor.http.get("/oauth/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
        assert info.json()["sub"] == str(other.users["official"])


async def test_what_is_sent_to_the_provider(own_house: House, provider: Provider) -> None:
    provider_id = await trust(own_house, provider.issuer)
    async with Visitor(own_house) as visitor:
        out, sent = await go_out(visitor, provider_id)
        assert out.headers["referrer-policy"] == "no-referrer"
        assert sent["code_challenge_method"] == "S256"
        provider.nonce = sent["nonce"]
        done = await visitor.http.get("/oauth/federated/callback", params={"code": "c", "state": sent["state"]})
        assert done.status_code == 303
        (asked,) = provider.asked
        assert asked["redirect_uri"] == own_house.issuer + actions.CALLBACK
        assert len(asked["code_verifier"]) >= 43
        assert asked["authorization"].startswith("Basic ")
        async with own_house.database.transaction(own_house.context()) as tx:
            kept = await tx.session.execute(text("select row_to_json(t)::text from identity_provider t"))
            assert SECRET not in kept.scalar_one()
            assert (await tx.session.execute(text("select count(*) from identity_errand"))).scalar_one() == 0


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "them"}},
        {"claims": {"aud": ["us", "them"]}},
        {"claims": {"iss": "http://localhost:1"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"sub": None}},
        {"claims": {"sub": ""}},
        {"claims": {"iat": 4102444800}},
        {"header": {"alg": "RS256", "kid": "two"}},
        {"signing": "other"},
        {"signing": "shared"},
        {"back": {"iss": "http://localhost:1"}},
    ],
    ids=json.dumps,
)
async def test_a_lie_signs_nobody_in(own_house: House, provider: Provider, lie: dict[str, Any]) -> None:
    provider_id = await trust(own_house, provider.issuer)
    provider.claims = lie.get("claims", {})
    provider.header = lie.get("header", provider.header)
    if lie.get("signing") == "other":
        provider.signing = RSAKey.generate_key(2048, private=True, parameters={"kid": "one"})
    if lie.get("signing") == "shared":
        provider.header = {"alg": "HS256", "kid": "one"}
        provider.signing = OctKey.import_key(SECRET, {"kid": "one"})
    async with Visitor(own_house) as visitor:
        refused = await by_provider(visitor, provider, provider_id, **lie.get("back", {}))
        assert refused.status_code == 400
        assert answer_of(await visitor.authorize(prompt="none"))["error"] == "login_required"


async def test_unknown_key_ids_do_not_flood_the_provider(own_house: House, provider: Provider) -> None:
    provider_id = await trust(own_house, provider.issuer)
    provider.header = {"alg": "RS256", "kid": "two"}
    async with Visitor(own_house) as visitor:
        for _ in range(5):
            assert (await by_provider(visitor, provider, provider_id)).status_code == 400
    assert provider.key_fetches == 1


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "http://localhost:1"},
        {"token_endpoint": "http://localhost:1/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
    ids=json.dumps,
)
async def test_a_discovery_document_leads_nowhere_else(own_house: House, provider: Provider, about: Any) -> None:
    provider_id = await trust(own_house, provider.issuer)
    provider.about = about
    async with Visitor(own_house) as visitor:
        out, _ = await go_out(visitor, provider_id)
        assert out.status_code == 400
        assert provider.asked == []


async def test_only_the_browser_that_went_out_comes_back_and_once(own_house: House, provider: Provider) -> None:
    provider_id = await trust(own_house, provider.issuer)
    async with Visitor(own_house) as visitor, Visitor(own_house) as victim:
        await victim.authorize()
        _, sent = await go_out(visitor, provider_id)
        provider.nonce = sent["nonce"]
        back = {"code": "c", "state": sent["state"]}
        assert (await victim.http.get("/oauth/federated/callback", params=back)).status_code == 400
        assert (await visitor.http.get("/oauth/federated/callback", params=back)).status_code == 303
        assert (await visitor.http.get("/oauth/federated/callback", params=back)).status_code == 400
        assert len(provider.asked) == 1


async def test_users_map_by_rule(own_house: House, provider: Provider) -> None:
    provider_id = await trust(own_house, provider.issuer)

    async def sign_in(**claims: Any) -> tuple[int, UUID | None]:
        provider.claims = claims
        async with Visitor(own_house) as visitor:
            done = await by_provider(visitor, provider, provider_id)
        async with own_house.database.transaction(own_house.context()) as tx:
            return done.status_code, await queries.user_of(tx, provider_id, claims["sub"])

    assert await sign_in(sub="a", login="official") == (303, own_house.users["official"])
    assert await sign_in(sub="a", login="deputy") == (303, own_house.users["official"]), "a link stays"
    assert await sign_in(sub="b", login="official") == (400, None), "a name that changes hands opens nothing"
    assert await sign_in(sub="c", login="nobody-here") == (400, None)
    assert await sign_in(sub="c", login=["deputy"]) == (400, None)
    await trust(own_house, provider.issuer, name_claim=None)
    assert await sign_in(sub="d", login="deputy") == (400, None)
    await trust(own_house, provider.issuer, name_claim=None, provision=True)
    status, made = await sign_in(sub="e")
    assert (status, made is not None) == (303, True)
    async with own_house.database.transaction(own_house.context()) as tx:
        assert await actions.disable_provider(tx, provider.issuer)
    async with Visitor(own_house) as visitor:
        assert "/oauth/federated" not in (await visitor.authorize()).text


async def test_errands_expire(own_house: House, provider: Provider) -> None:
    provider_id = await trust(own_house, provider.issuer)
    async with Visitor(own_house) as visitor:
        _, sent = await go_out(visitor, provider_id)
        async with own_house.database.transaction(own_house.context()) as tx:
            left = await tx.session.execute(text("select max(expires_at) from identity_errand"))
            assert left.scalar_one() <= utcnow() + actions.OUT_FOR
            await tx.session.execute(text("update identity_errand set expires_at = now()"))
        back = {"code": "c", "state": sent["state"]}
        assert (await visitor.http.get("/oauth/federated/callback", params=back)).status_code == 400
