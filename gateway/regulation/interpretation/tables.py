"""Interpretations as published. One never changes; a later one stands beside it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Interpretation(TenantTable, table=True):
    """An answer on an article: the question, the text, the document, by which organ and by whom, from when on."""

    __tablename__ = "regulation_interpretation"
    __rls__ = Rls.tenant_wide("an interpretation binds all who work in the tenant", app="select, insert")
    __table_args__ = (Index("regulation_interpretation_article_ix", "tenant_id", "article"),)

    id: UUID = Field(primary_key=True)
    article: str
    question: str | None = None
    text: str
    document: str
    organ_zh: str
    organ_en: str
    valid_from: date
    published_by: UUID
    published_by_post: UUID | None = None
    published_at: datetime = instant()
    """Business instant."""
    recorded_at: datetime = recorded_now()
