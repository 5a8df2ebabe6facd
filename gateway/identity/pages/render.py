"""Rendering of the pages, and the headers that fence them in.

`form-action` names the client's address beside our own: browsers apply it also to where a form is redirected.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import Response

from gateway.identity.oauth.wire import SECURITY_HEADERS
from kernel.context import Language

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, language: Language, *, status: int = 200, leads_to: str | None = None, **values: Any) -> Response:
    """One page. `leads_to`: the client's address a form on it may end at."""
    nonce = secrets.token_urlsafe(16)

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    template = _environment.get_template(f"{name}.html")
    html = template.render(say=say, language="zh-CN" if language == "zh" else "en", nonce=nonce, **values)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'{_source(leads_to)};"
        " frame-ancestors 'none'; base-uri 'none'"
    )
    headers = {
        **SECURITY_HEADERS,
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "Content-Language": "zh-CN" if language == "zh" else "en",
        "Vary": "Accept-Language, Cookie",
    }
    return Response(html, status, headers, media_type="text/html")


def _source(address: str | None) -> str:
    if address is None:
        return ""
    parts = urlsplit(address)
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f" {parts.scheme}:"
