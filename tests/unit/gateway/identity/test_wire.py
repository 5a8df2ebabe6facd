"""Forms as they come in, and the documents about the server as they go out."""

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata

from gateway.identity.oauth.metadata import metadata
from gateway.identity.oauth.wire import FlowRequest, Form
from kernel.errors import BadRequest


def test_empty_parameters_count_as_absent() -> None:
    assert Form("a=1&b=&c").data == {"a": "1"}


@pytest.mark.parametrize("encoded", ["state=%ff", "&".join("a=1" for _ in range(80))])
def test_what_is_no_form_is_refused(encoded: str) -> None:
    with pytest.raises(BadRequest):
        Form(encoded)


@pytest.mark.parametrize(
    ("encoded", "faulty"),
    [
        ("state=1&state=1", True),
        ("resource=1&resource=2", False),
        ("redirect_uri=https://a.example/%22", True),
        ("redirect_uri=https://a.example/%E5%9B%9E", True),
        ("state=%E5%9B%9E", False),
        ("state=%00", True),
        ("response_type=code+token", False),
    ],
)
def test_repeated_and_unspeakable_parameters_are_faults(encoded: str, faulty: bool) -> None:
    assert bool(Form(encoded).fault()) == faulty


def test_a_request_goes_on_without_the_prompts_that_are_done() -> None:
    form = Form("prompt=login+consent&state=a%26b&max_age=1")
    assert form.without(login=True) == "prompt=consent&state=a%26b&max_age=1"
    assert form.without(login=True, consent=True) == "state=a%26b&max_age=1"


@pytest.mark.parametrize("issuer", ["https://sso.example", "http://localhost:8080", "http://127.0.0.1:8080"])
def test_the_document_about_the_server_is_valid_by_both_standards(issuer: str) -> None:
    document = metadata(issuer)
    AuthorizationServerMetadata(document).validate()
    OpenIDProviderMetadata(document).validate()
    assert document["code_challenge_methods_supported"] == ["S256"]


def test_plain_http_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTHLIB_INSECURE_TRANSPORT", raising=False)
    FlowRequest("POST", "http://localhost:8080/oauth/token", Form(""), {})
    with pytest.raises(Exception, match="https"):
        FlowRequest("POST", "http://sso.example/oauth/token", Form(""), {})
