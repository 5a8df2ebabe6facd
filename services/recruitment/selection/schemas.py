"""Stages of selection over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

StageOutcome = Literal["passed", "failed"]

labelled("recruitment.stage_outcome", {"passed": ("合格", "Passed"), "failed": ("不合格", "Failed")})


class StageRecord(Body):
    """The result of a stage. `step` is the pack's; `evidence` names the record it rests on, without its content.

    `reason` is asked of a political vetting, which a named official determines (SH-8).
    """

    step: Annotated[str, StringConstraints(max_length=60)]
    outcome: StageOutcome
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None
    evidence: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class StageView(View):
    """One stage of the pack's procedure, with its result once there is one."""

    step: str
    label_zh: str
    label_en: str
    article: str | None
    outcome: StageOutcome | None = None
    reason: str | None = None
    evidence: str | None = None
    user_id: UUID | None = None
    post_id: UUID | None = None
    held_at: AwareDatetime | None = None


class RankingFixed(View):
    """What fixing the ranking did: how many sat the exam, and how many of them are ranked."""

    notice_id: UUID
    candidates: int
    ranked: int


class StagesView(View):
    """All stages in order; `next_step` is the one to be recorded, null when none is."""

    application_id: UUID
    next_step: str | None
    stages: list[StageView]
