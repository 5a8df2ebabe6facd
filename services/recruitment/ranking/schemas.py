"""The ranking over HTTP, with the reason of every place."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from kernel.http.schema import View


class Reason(View):
    """One sentence that explains a place, with its article and, for a priority, the findings it rests on."""

    zh: str
    en: str
    article: str | None
    findings: list[dict[str, Any]] = Field(default_factory=list)


class Turn(View):
    """That a place is this candidate's turn: `round` 0 by rank, higher ones by replacement (递补)."""

    round: int
    replaces: UUID | None
    zh: str
    en: str


class Line(View):
    """One candidate. `rank` is shared where nothing decides; null where the candidate is not ranked."""

    application_id: UUID
    ticket: str
    name: str
    state: str = Field(description="Of the application; labels `recruitment.application_state`.")
    rank: int | None
    total: Decimal | None
    written: Decimal | None
    interview: Decimal | None
    explanation: list[Reason]
    turn: Turn | None


class ItemRanking(View):
    """The ranking for the posts of one item, by rank; who is not ranked stands at the end."""

    item_id: UUID
    community_title: str
    post_title: str
    posts: int
    lines: list[Line]


class RankingView(View):
    """The ranking of a notice. `fixed_at` null: reckoned now and not fixed yet.

    `reproduced`: whether reckoning it anew from the record gives what was fixed; null before that.
    """

    notice_id: UUID
    fixed_at: AwareDatetime | None
    reproduced: bool | None
    terms: dict[str, Any] = Field(description="As the notice shows them.")
    items: list[ItemRanking]
