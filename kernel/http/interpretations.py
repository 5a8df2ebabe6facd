"""Interpretations (解释) beside findings: what the organ that the regulation names answered on an article (P9)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.http.schema import View
from kernel.org import queries as org


class OrganName(View):
    """The organ in both languages."""

    zh: str
    en: str


class InterpretationView(View):
    """An interpretation of an article: by which organ, in which document, from when on, and its words."""

    id: UUID
    article: str
    text: str
    document: str
    organ: OrganName
    valid_from: date


async def interpretations(tx: Transaction, articles: Iterable[str | None], on: date) -> list[InterpretationView]:
    """The interpretations of these citations up to a day, oldest first."""
    return [
        InterpretationView(
            **each.model_dump(include={"id", "article", "text", "document", "valid_from"}),
            organ=OrganName(zh=each.organ_zh, en=each.organ_en),
        )
        for each in await org.interpretations(tx, articles, on)
    ]
