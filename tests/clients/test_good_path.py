"""Clients written by others complete the good path: discovery, code with PKCE, ID token, user info, refresh, sign-out.

All of it through the edge of a running stack, issuer http://localhost:<port> (T6, reliability.md case 23).
"""

from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client

from tests.clients.conftest import Start
from tests.clients.contract import Client, Refused
from tests.clients.every import each_library
from tests.clients.person import Person
from tests.clients.place import OFFICE_BYE, PORTAL_BYE, Place


@each_library
@pytest.mark.parametrize(("suffix", "bye"), [("portal", PORTAL_BYE), ("office", OFFICE_BYE)])
def test_a_client_completes_the_good_path(
    library: type[Client], suffix: str, bye: str, place: Place, person: Person, start: Start
) -> None:
    at = place.registration(suffix)
    client = start(library, at)
    asked = client.start()
    sent = parse_qs(urlsplit(asked).query)
    assert sent["code_challenge_method"] == ["S256"]

    callback = person.follow(asked)
    assert callback.startswith(f"{at.redirect_uri}?")
    answer = parse_qs(urlsplit(callback).query)
    assert (answer["state"], answer["iss"]) == (sent["state"], [place.issuer])

    claims = client.finish(callback)
    assert (claims["iss"], claims["nonce"]) == (place.issuer, sent["nonce"][0])
    user = client.user_info()
    assert (user["sub"], user["preferred_username"]) == (claims["sub"], person.user_name)

    first = client.tokens
    client.refresh()
    assert client.tokens["refresh_token"] != first["refresh_token"]
    assert client.tokens["access_token"] != first["access_token"]
    assert client.user_info()["sub"] == claims["sub"]

    assert person.follow(client.sign_out_address()) == bye
    with pytest.raises(Refused):
        client.user_info()
    with pytest.raises(Refused, match="invalid_grant"):
        client.refresh()


@each_library
def test_a_token_given_back_opens_nothing(library: type[Client], place: Place, person: Person, start: Start) -> None:
    client = start(library, place.registration("portal"))
    client.finish(person.follow(client.start()))
    held = client.tokens["access_token"]
    assert place.opens(held)
    client.revoke()
    assert not place.opens(held)
    with pytest.raises(Refused, match="invalid_grant"):
        client.refresh()


@each_library
def test_a_session_signs_the_next_application_in(library: type[Client], place: Place, start: Start) -> None:
    """Single sign-on: the second application of the same browser is not asked for the password again."""
    with closing(place.person()) as person:
        one, other = start(library, place.registration("portal")), start(library, place.registration("office"))
        first = one.finish(person.follow(one.start()))
        person.typed = {}
        second = other.finish(person.follow(other.start()))
    assert (first["sub"], first["auth_time"]) == (second["sub"], second["auth_time"])
    assert first["aud"] != second["aud"]


def test_a_service_gets_a_token_of_its_own(place: Place) -> None:
    service = place.registration("exchange")
    with OAuth2Client(service.client_id, service.secret, trust_env=False) as session:
        token = session.fetch_token(f"{place.issuer}/oauth/token", grant_type="client_credentials")
    assert "refresh_token" not in token
    assert place.opens(token["access_token"])


def test_both_addresses_tell_the_same_of_the_server(place: Place) -> None:
    """OpenID Connect's discovery and RFC 8414's; the issuer is exact, and no library but ours reads either here."""
    documents = [
        httpx.get(f"{place.issuer}/.well-known/{name}", trust_env=False)
        for name in ("openid-configuration", "oauth-authorization-server")
    ]
    assert documents[0].json() == documents[1].json()
    assert documents[0].json()["issuer"] == place.issuer
