"""Made-up people: ID numbers of the reserved area 99, and accounts that people register for themselves."""

import base64
import json
from typing import Any

from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.client import Session, wait_for

PASSWORD = "Wulan-cha 2024!"  # noqa: S105 - of made-up people in a throw-away tenant
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def id_number(birth: str, order: str) -> str:
    """An ID number of the reserved area 99 with its check digit (GB 11643); `birth` as YYYYMMDD."""
    body = f"990101{birth}{order}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def register(cast: Cast, user_name: str, tenant: Tenant | None = None) -> str:
    """Register an account as anybody may (in another tenant than the story's where one is named); the person's id, as
    the account's own token names it."""
    session = (tenant or cast.tenant).newcomer(user_name, PASSWORD)
    payload = session.tokens["access_token"].split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["person"])


def must(answer: Any, expected: int) -> Any:
    """The JSON of an answer on the way to a step; raises where it is another than expected."""
    if answer.status_code != expected:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer.json()


def every(session: Session, path: str, **params: str) -> list[dict[str, Any]]:
    """All pages of a list; a page may be empty and still have a next."""
    items: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = must(session.get(path, **params, **after), 200)
        items += page["items"]
        if not page.get("next"):
            return items
        after = {"cursor": page["next"]}


def until_state(session: Session, path: str, state: str) -> dict[str, Any]:
    """The record at `path` once it is in that state, which it reaches by itself."""

    def reached() -> dict[str, Any] | None:
        seen = session.get(path)
        if seen.status_code != 200:
            return None
        found: dict[str, Any] = seen.json()
        return found if found["state"] == state else None

    found: dict[str, Any] = wait_for(reached, f"{state} at {path}")
    return found
