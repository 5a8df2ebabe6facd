"""Attacks on /authorize: nothing leads to an address that is not registered (reliability.md case 23)."""

from urllib.parse import urlencode

import pytest

from tests.security.identity.house import CALLBACK, House
from tests.security.identity.visitor import Visitor, answer_of

WRONG_ADDRESSES = {
    "suffix": [
        "http://localhost:9/callback/",
        "http://localhost:9/callback/../callback",
        "http://localhost:9/callback\n",
        "http://localhost:9.evil.example/callback",
        "http://127.0.0.1:9/cb/",
        "http://127.0.0.1.evil.example:9/cb",
    ],
    "userinfo": [
        "http://localhost:9@evil.example/callback",
        "http://user:pass@localhost:9/callback",
        "http://localhost:9\\@evil.example/callback",
        "http://127.0.0.1:8@evil.example/cb",
        "http://user@127.0.0.1:9/cb",
    ],
    "case": ["http://localhost:9/Callback", "http://LOCALHOST:9/callback", "HTTP://localhost:9/callback"],
    "encoded": [
        "http://localhost:9/callback%2f..",
        "http://localhost:9/%63allback",
        "http://localhost:9/回调",
        "http://127.0.0.1:09/cb",
        "http://127.1:9/cb",
        " http://localhost:9/callback",
    ],
    "extra query": [
        "http://localhost:9/callback?next=https://evil.example",
        "http://localhost:9/callback#fragment",
        "http://127.0.0.1:9/cb?x",
    ],
    "port": ["http://localhost:10/callback", "http://127.0.0.1:99999/cb"],
    "host or scheme": [
        "http://[::1]:9/cb",
        "https://127.0.0.1:9/cb",
        "https://evil.example/callback",
        "//evil.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        'http://localhost:9/"><script>',
    ],
    "none": [""],
}
ERROR_PATHS: list[dict[str, str | None]] = [
    {"response_type": "token"},
    {"code_challenge": None},
    {"code_challenge_method": "plain"},
    {"prompt": "none"},
    {"scope": "x"},
]
"""Requests with a second fault, whose error must not lead there either."""


@pytest.mark.parametrize(
    "address",
    [pytest.param(one, id=f"{row}: {one!r}") for row, addresses in WRONG_ADDRESSES.items() for one in addresses],
)
async def test_an_address_not_registered_exactly_is_never_led_to(visitor: Visitor, address: str) -> None:
    nothing_else: dict[str, str | None] = {}
    for changes in (nothing_else, *ERROR_PATHS):
        answer = await visitor.authorize(redirect_uri=address, **changes)
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "<script>" not in answer.text


async def test_only_the_port_of_a_loopback_address_may_vary(visitor: Visitor) -> None:
    address = "http://127.0.0.1:53211/cb"
    got = answer_of(await visitor.sign_in("official", redirect_uri=address), to=address)
    assert (await visitor.redeem(got["code"], redirect_uri=address)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none", "scope": "profile"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none login", "scope": "profile"}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("kind", ["browser", "web"])
async def test_errors_go_back_with_state_and_issuer(
    house: House, kind: str, changes: dict[str, str | None], error: str
) -> None:
    async with Visitor(house, getattr(house, kind).client_id) as visitor:
        got = answer_of(await visitor.authorize(**changes))
    assert (got["error"], got["state"], got["iss"]) == (error, "a state", house.issuer)
    assert "code" not in got


async def test_a_request_stripped_of_its_challenge_on_the_way_gives_no_code(visitor: Visitor) -> None:
    """The downgrade of RFC 9700 §4.8.2, also by somebody who is signed in and would get a code otherwise."""
    await visitor.sign_in("official")
    assert "code" in answer_of(await visitor.authorize())
    stripped = await visitor.authorize(code_challenge=None, code_challenge_method=None)
    assert answer_of(stripped)["error"] == "invalid_request"
    assert "code" not in answer_of(stripped)


async def test_a_code_comes_with_state_and_issuer(visitor: Visitor, house: House) -> None:
    got = answer_of(await visitor.sign_in("official"))
    assert (got["state"], got["iss"], set(got)) == ("a state", house.issuer, {"code", "state", "iss"})


@pytest.mark.parametrize(
    "name", ["client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "prompt", "nonce"]
)
async def test_a_repeated_parameter_is_refused_without_leading_anywhere(visitor: Visitor, name: str) -> None:
    values = visitor.request(prompt="consent")
    for second in (values[name], "https://evil.example/callback"):
        answer = await visitor.http.get("/oauth/authorize?" + urlencode([*values.items(), (name, second)]))
        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "client_id",
    [None, "", "portal", "AAAAAAAAAAAAAAAAAAAAAA.portal", "x" * 300, "客户", '"', "a.b.c", "\x00", "%00"],
)
async def test_an_unknown_client_is_refused_without_leading_anywhere(visitor: Visitor, client_id: str | None) -> None:
    answer = await visitor.authorize(client_id=client_id)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("value", ['"', "\\", "é", "词", "<script>", "a b", "\x00"])
async def test_odd_characters_never_break_the_server(visitor: Visitor, value: str) -> None:
    for name in ("response_type", "scope", "state", "nonce", "code_challenge", "prompt", "max_age", "ui_locales"):
        answer = await visitor.authorize(**{name: value})
        assert answer.status_code in (200, 302, 400), (name, answer.status_code)
    answer = await visitor.token(grant_type=value)
    assert answer.status_code == 400


async def test_a_service_client_cannot_sign_users_in(house: House) -> None:
    async with Visitor(house, house.service.client_id) as visitor:
        assert (await visitor.authorize()).status_code == 400


async def test_max_age_asks_again_and_then_is_content(visitor: Visitor) -> None:
    await visitor.sign_in("official")
    assert "code" in answer_of(await visitor.authorize(max_age="600"))
    page = await visitor.authorize(prompt="login")
    assert page.status_code == 200
    assert answer_of(await visitor.authorize(prompt="none"))["iss"] == visitor.house.issuer
    assert "code" in answer_of(await visitor.sign_in("official", prompt="login"))
    assert CALLBACK in (await visitor.authorize()).headers["location"]


async def test_the_request_may_be_posted(visitor: Visitor) -> None:
    await visitor.sign_in("official")
    answer = await visitor.http.post("/oauth/authorize", data=visitor.request())
    assert answer.status_code == 303
    assert "code" in answer_of(answer)
