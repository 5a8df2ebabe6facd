"""What goes in and out of the regulation room over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from kernel.http.schema import Body, View


class PackVersionView(View):
    """A published version of the tenant's regulation."""

    id: UUID
    pack_id: str
    pack_version: str
    digest: str
    valid_from: date


class ArticleView(View):
    """An article: its text, what became of it, and where the system rests on it."""

    number: str
    status: str
    text: str | None
    detail: dict[str, Any]


class EvaluateBody(Body):
    """Facts on which to try a rule; nothing is stored."""

    rule: str
    facts: dict[str, Any]
    on: date | None = None


class FindingView(View):
    """What the rule says about those facts."""

    rule: str
    article: str | None
    words: str | None
    facts: dict[str, Any]
    outcome: str
    value: Any
    message: dict[str, str]
    remarks: list[dict[str, str]]
