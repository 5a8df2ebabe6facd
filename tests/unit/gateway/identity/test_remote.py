"""Where the platform calls out to for a sign-in, and where it never does (SSRF)."""

import pytest

from gateway.identity.remote import ProviderFailed, Remote, usable


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "ftp://idp.example",
        "http://idp.example",
        "http://localhost:8080",
        "http://169.254.169.254/latest",
        "https://user@idp.example",
        "https://idp.example#x",
        "https://idp.example?x=1",
        "https://",
        "https://idp.example:99999",
        "file:///etc/passwd",
    ],
)
def test_an_issuer_is_https_without_ornaments(issuer: str) -> None:
    assert not usable(issuer, development=False)


def test_in_development_the_loopback_may_be_plain() -> None:
    assert usable("https://idp.example/realm", development=False)
    assert usable("http://localhost:8080", development=True)
    assert not usable("http://idp.example", development=True)
    assert not usable("http://localhost.evil.example", development=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "[fe80::1]"])
async def test_addresses_of_this_machine_and_its_link_are_not_called(host: str) -> None:
    with pytest.raises(ProviderFailed, match=r"within this machine|no such host"):
        await Remote(development=False).place(f"https://{host}")
