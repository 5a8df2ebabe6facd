"""The HTTP of the authorization server as Authlib sees it: requests with bounded forms, answers with headers.

Authlib never sees the address the request came in on, only the issuer's: behind the edge the former is plain
http, and whether transport is secure is judged by what browsers use. For a development issuer on the loopback
Authlib itself allows http, so its environment switch stays untouched.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.rules import ASCII_NO_QUOTE
from kernel.errors import BadRequest, Text, TooLarge, UnsupportedMedia

FORM_LIMIT = 32 * 1024
"""Bytes; the longest honest form carries one token of 2 KB."""
FIELD_LIMIT = 64
ECHOED = ("client_id", "redirect_uri", "response_type", "grant_type", "code_challenge_method")
"""Parameters that Authlib repeats in error descriptions, where RFC 6749 §4.1.2.1 allows few characters."""
REPEATABLE = frozenset({"resource", "audience"})
"""RFC 8707 §2 and RFC 8693 §2.1; nothing else may stand twice (RFC 6749 §3.1)."""

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Form(OAuth2Payload):  # type: ignore[misc]  # Authlib ships no types
    """Parameters of a request, in order and with repetitions. Empty ones count as absent (RFC 6749 §3.1)."""

    def __init__(self, encoded: str) -> None:
        try:
            pairs = parse_qsl(encoded, max_num_fields=FIELD_LIMIT, errors="strict")
        except ValueError as error:
            raise BadRequest(cause="form: not urlencoded UTF-8") from error
        self._data: dict[str, str] = {}
        self._lists: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            self._data.setdefault(name, value)
            self._lists[name].append(value)

    @property
    def data(self) -> dict[str, str]:
        """The first value of each parameter."""
        return self._data

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        """All values of each parameter."""
        return self._lists

    def get(self, name: str) -> str | None:
        """The first value of one parameter."""
        return self._data.get(name)

    def fault(self) -> str | None:
        """Why the parameters cannot be taken at all, in the words of an error_description."""
        for name, values in self._lists.items():
            if len(values) > 1 and name not in REPEATABLE:
                return "A parameter is repeated."
        for name in ECHOED:
            if not set(self._data.get(name, "")) <= ASCII_NO_QUOTE | {" "}:
                return f"Invalid '{name}' in request."
        if any("\x00" in value for values in self._lists.values() for value in values):
            return "A parameter holds a null character."
        return None

    def without(self, **prompts: bool) -> str:
        """The parameters again as a query, without the named words of `prompt`: they have been done."""
        kept = []
        for name, values in self._lists.items():
            for value in values:
                if name == "prompt":
                    value = " ".join(word for word in value.split() if not prompts.get(word))
                if value:
                    kept.append((name, value))
        return urlencode(kept)


class FlowRequest(OAuth2Request):  # type: ignore[misc]  # Authlib ships no types
    """A request at one of the issuer's own addresses."""

    def __init__(self, method: str, uri: str, form: Form, headers: Mapping[str, str]) -> None:
        super().__init__(method, uri, headers=headers)
        self.payload = form

    @property
    def form(self) -> dict[str, str]:
        """Authlib's other name for the parameters; only the body's are ever given to it on POST."""
        data: dict[str, str] = self.payload.data
        return data


@dataclass(slots=True)
class Answer:
    """A response before it is one, so that extensions may still change where it leads."""

    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str | None:
        """Where it leads; Authlib's issuer extension reads and writes this."""
        return self.headers.get("Location")

    @location.setter
    def location(self, value: str) -> None:
        self.headers["Location"] = value

    def response(self, *, after_post: bool = False) -> Response:
        """The HTTP response. After a POST a redirect is 303: the browser must not send the form on."""
        status = 303 if after_post and self.status in (302, 307) else self.status
        headers = {**self.headers, **SECURITY_HEADERS}
        if isinstance(self.body, dict):
            return Response(json.dumps(self.body), status, headers, media_type="application/json")
        return Response(self.body, status, headers)


async def read_form(request: Request) -> Form:
    """The parameters of a request: the query on GET, the urlencoded body on POST, never both."""
    if request.method != "POST":
        return Form(request.url.query)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise UnsupportedMedia(Text("请使用表单编码", "Send application/x-www-form-urlencoded."))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            raise TooLarge
    try:
        return Form(body.decode("ascii"))
    except UnicodeDecodeError as error:
        raise BadRequest(cause="form: not ASCII") from error


def flow_headers(request: Request) -> dict[str, str]:
    """The headers Authlib looks at. An Authorization header it could not decode is left out, so it is
    refused."""
    value = request.headers.get("authorization", "")
    return {"Authorization": value} if value and _readable_basic(value) else {}


def _readable_basic(value: str) -> bool:
    kind, _, rest = value.partition(" ")
    if kind.lower() != "basic":
        return True
    try:
        return base64.b64decode(rest).decode("ascii").isprintable()
    except ValueError:
        # Not ASCII, not base64, or not ASCII within: each is a ValueError.
        return False
