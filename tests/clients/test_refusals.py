"""What must not succeed with clients of others: by whom it is refused, and that nothing was sent before (case 23)."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.clients.conftest import Start
from tests.clients.contract import Client, Refused
from tests.clients.every import each_library
from tests.clients.on_python import AuthlibClient
from tests.clients.person import Person, TurnedAway
from tests.clients.place import Place


def changed(address: str, **changes: str | None) -> str:
    """The address with parameters replaced; None takes one out."""
    parts = urlsplit(address)
    values: dict[str, str | None] = {**dict(parse_qsl(parts.query)), **changes}
    return parts._replace(
        query=urlencode({name: value for name, value in values.items() if value is not None})
    ).geturl()


CALLBACKS: dict[str, Callable[[str], str]] = {
    "another state": lambda callback: changed(callback, state="of-somebody-else"),
    "no state": lambda callback: changed(callback, state=None),
    "another issuer": lambda callback: changed(callback, iss="https://evil.example"),
    "no issuer": lambda callback: changed(callback, iss=None),
}


@each_library
@pytest.mark.parametrize("name", CALLBACKS)
def test_an_answer_that_is_not_ours_is_not_taken(
    library: type[Client], name: str, place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("portal"))
    callback = person.follow(client.start())
    with pytest.raises(Refused):
        client.finish(CALLBACKS[name](callback))
    # The code was not sent with it: it is still good.
    assert client.finish(callback)["iss"] == place.issuer


@each_library
def test_a_document_of_another_issuer_is_not_believed(library: type[Client], place: Place, start: Start) -> None:
    """The same server by another name: what it says of itself is not what was asked."""
    client = start(library, place.registration("portal", issuer=place.issuer.replace("localhost", "127.0.0.1")))
    with pytest.raises(Refused):
        client.start()


@each_library
def test_an_id_token_with_another_nonce_is_not_taken(
    library: type[Client], place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("portal"))
    callback = person.follow(changed(client.start(), nonce="of-somebody-else"))
    with pytest.raises(Refused, match="nonce"):
        client.finish(callback)


@each_library
def test_a_code_asked_for_with_another_challenge_is_not_redeemed(
    library: type[Client], place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("portal"))
    callback = person.follow(changed(client.start(), code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))
    with pytest.raises(Refused, match="invalid_grant"):
        client.finish(callback)


@each_library
def test_a_code_is_good_once_and_its_second_use_ends_the_tokens(
    library: type[Client], place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("portal"))
    callback = person.follow(client.start())
    client.finish(callback)
    held = client.tokens["access_token"]
    assert place.opens(held)
    with pytest.raises(Refused, match="invalid_grant"):
        client.finish(callback)
    assert not place.opens(held)


@each_library
def test_who_says_no_gives_the_application_an_error_and_no_code(
    library: type[Client], place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("office"))
    with pytest.raises(Refused, match="access_denied"):
        client.finish(person.follow(client.start(), consent=False))


@each_library
@pytest.mark.parametrize("address", ["http://localhost:10/callback", "http://localhost:9/other"])
def test_another_port_or_path_is_never_led_to(
    library: type[Client], address: str, place: Place, person: Person, start: Start
) -> None:
    client = start(library, place.registration("office", redirect_uri=address))
    with pytest.raises(TurnedAway) as turned_away:
        person.follow(client.start())
    assert turned_away.value.status == 400


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://127.0.0.1:53219/other", "any port, but another path"),
        ("http://localhost:53219/callback", "a name, which could resolve elsewhere"),
        ("http://[::1]:53219/callback", "another address of this machine"),
        ("https://127.0.0.1:53219/callback", "another scheme"),
    ],
)
def test_of_a_program_on_the_user_s_machine_only_the_port_may_vary(
    address: str, why: str, place: Place, person: Person, start: Start
) -> None:
    client = start(AuthlibClient, place.registration("portal", redirect_uri=address))
    with pytest.raises(TurnedAway) as turned_away:
        person.follow(client.start())
    assert turned_away.value.status == 400, why


@each_library
def test_a_wrong_secret_is_refused(library: type[Client], place: Place, person: Person, start: Start) -> None:
    client = start(library, place.registration("office", secret="not the secret"))  # noqa: S106 - a wrong one
    callback = person.follow(client.start())
    with pytest.raises(Refused, match=r"invalid_client|challenge in the WWW-Authenticate"):
        client.finish(callback)
