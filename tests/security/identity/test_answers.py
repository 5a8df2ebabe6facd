"""What every answer of the endpoints has in common, and what of the secrets handed out is kept (RFC 9700, RFC 6749)."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.security.forging import part
from tests.security.identity.house import House
from tests.security.identity.visitor import Visitor, answer_of

TABLES = ("client", "code", "family", "refresh_token", "session", "credential", "revoked")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
async def test_no_answer_to_an_application_is_kept_on_the_way(visitor: Visitor, house: House, path: str) -> None:
    """Right or wrong: what holds tokens once may hold them in any cache (RFC 6749 §5.1)."""
    web = (house.web.client_id, house.web.secret or "")
    tokens = await visitor.tokens()
    asked: list[dict[str, Any]] = [
        {"data": {"token": tokens["access_token"], "grant_type": "client_credentials"}, "auth": web},
        {"data": {"token": "x", "grant_type": "refresh_token", "client_id": visitor.client_id, "refresh_token": "x"}},
        {"data": {"grant_type": "nonsense"}, "auth": web},
        {"data": {}},
        {"data": {"token": "x" * 40_000}},
        {"json": {}},
    ]
    for request in asked:
        answer = await visitor.http.post(path, **request)
        assert answer.headers["cache-control"] == "no-store", (request, answer.status_code)
    for answer in (await visitor.refresh(tokens["refresh_token"]), await visitor.refresh(tokens["refresh_token"])):
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


async def test_the_one_resource_may_be_named_and_stands_in_the_token(visitor: Visitor, house: House) -> None:
    """RFC 8707; another one is refused: test_authorize, test_codes."""
    api = f"{house.issuer}/api"
    code = answer_of(await visitor.sign_in("official", resource=api))["code"]
    answer = await visitor.redeem(code, resource=api)
    assert part(answer.json()["access_token"], 1)["aud"] == api


async def test_what_is_handed_out_is_kept_as_hashes_only(own_house: House) -> None:
    """Codes, refresh tokens, cookies, secrets: who reads the tables can use none of them."""
    async with Visitor(own_house) as visitor:
        tokens = await visitor.tokens()
        code = await visitor.next_code()
        cookies = [value for name, value in visitor.http.cookies.items() if name != "sg_form"]
    assert cookies
    handed_out = [tokens["refresh_token"], code, *cookies, own_house.web.secret, own_house.service.secret]
    secrets = [str(value).rpartition(".")[2] for value in handed_out] + [tokens["access_token"], tokens["id_token"]]
    kept = ""
    async with own_house.database.transaction(own_house.context()) as tx:
        for table in TABLES:
            rows = await tx.session.execute(text(f"select row_to_json(t)::text from identity_{table} t"))  # noqa: S608 -- fixed names
            kept += "\n".join(rows.scalars())
    assert own_house.web.client_id in kept
    assert [secret[:8] for secret in secrets if secret in kept or secret.encode().hex() in kept] == []
