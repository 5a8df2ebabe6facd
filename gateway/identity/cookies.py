"""Cookies of the sign-in pages: one per tenant for the session, one for the forms, one for who is out at a
provider.

On https the name starts with `__Host-`, so that no neighbouring host can set it (RFC 6265bis §4.1.3.2).
SameSite is Lax: the browser brings the session along when an application sends its user here, and with no
cross-site form.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import handles, rules

FORM_KEY = "sg_form"
ERRAND_KEY = "sg_out"
_SESSION = "sg_"


def _name(name: str, secure: bool) -> str:
    return f"__Host-{name}" if secure else name


def session_cookie(request: Request, tenant: UUID, secure: bool) -> str | None:
    """The value of the session cookie of one tenant."""
    return request.cookies.get(_name(_SESSION + handles.tenant_prefix(tenant), secure))


def session_cookies(request: Request, secure: bool) -> list[str]:
    """The session cookies of all tenants that this browser signed in to."""
    start = _name(_SESSION, secure)
    return [value for name, value in request.cookies.items() if name.startswith(start) and "." in value]


def set_session(response: Response, cookie: str, tenant: UUID, secure: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        _name(_SESSION + handles.tenant_prefix(tenant), secure),
        cookie,
        max_age=int(rules.SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def drop_session(response: Response, tenant: UUID, secure: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        _name(_SESSION + handles.tenant_prefix(tenant), secure), httponly=True, samesite="lax", secure=secure
    )


def form_key(request: Request, secure: bool) -> str | None:
    """The browser's half of what proves that a form is ours."""
    return request.cookies.get(_name(FORM_KEY, secure))


def new_form_key() -> str:
    """A fresh half."""
    return secrets.token_urlsafe(24)


def set_form_key(response: Response, key: str, secure: bool) -> None:
    """Give it to the browser, for as long as it is open."""
    response.set_cookie(_name(FORM_KEY, secure), key, httponly=True, samesite="lax", secure=secure)


def errand_key(request: Request, secure: bool) -> str | None:
    """What ties a sign-in at a provider to the browser that went out."""
    return request.cookies.get(_name(ERRAND_KEY, secure))


def set_errand_key(response: Response, key: str, lifetime: timedelta, secure: bool) -> None:
    """Give it to the browser that goes out; the provider leads it back by a link, so Lax lets it through."""
    age = int(lifetime.total_seconds())
    response.set_cookie(_name(ERRAND_KEY, secure), key, max_age=age, httponly=True, samesite="lax", secure=secure)
