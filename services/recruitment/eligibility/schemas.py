"""The qualification review over HTTP."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kernel.http.interpretations import InterpretationView
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Overall = Literal["qualified", "not_qualified", "awaiting"]
Outcome = Literal["qualified", "not_qualified"]
FindingOutcome = Literal["met", "not_met", "needs_judgement", "relaxed", "not_regulated"]
Judgement = Literal["met", "not_met"]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]

labelled(
    "recruitment.eligibility",
    {
        "qualified": ("合格", "Qualified"),
        "not_qualified": ("不合格", "Not qualified"),
        "awaiting": ("待认定", "Waits for determinations"),
    },
)
labelled(
    "recruitment.finding_outcome",
    {
        "met": ("符合", "Met"),
        "not_met": ("不符合", "Not met"),
        "needs_judgement": ("需要人工认定", "Needs a human determination"),
        "relaxed": ("已按规定放宽", "Relaxed as the article allows"),
        "not_regulated": ("本办法未作规定", "Not regulated here"),
    },
)


class Judge(Body):
    """A judgement on one rule, with the reason and what it rests on (document, talk, visit …)."""

    rule: Annotated[str, StringConstraints(max_length=80)]
    outcome: Judgement
    reason: Sentence
    evidence: Sentence


class Establish(Body):
    """A fact as an official established it: the quality finding, the organiser's

    decision to relax, or what was checked of the applicant's own statements.
    """

    fact: Annotated[str, StringConstraints(max_length=60)]
    value: bool | int | str | list[str] | list[int]
    reason: Sentence
    evidence: Sentence


class Recommend(Body):
    """The township's opinion on an applicant who is to be relaxed for, with the reason and what it rests on."""

    recommended: bool
    reason: Sentence
    evidence: Sentence


class Conclude(Body):
    """The end of the review."""

    outcome: Outcome
    reason: Annotated[str, StringConstraints(max_length=2000)] | None = None


class DeterminationView(View):
    """Who found what, in which post, on what evidence."""

    id: UUID
    application_id: UUID
    kind: Literal["rule", "fact"]
    subject: str
    value: Any
    reason: str
    evidence: str
    user_id: UUID | None
    post_id: UUID | None
    by_department: str | None
    by_level: str | None
    determined_at: AwareDatetime


class Words(View):
    """One sentence in both languages."""

    zh: str
    en: str


class FindingView(View):
    """One rule's answer: article, quoted words, the facts it read, outcome and computed value (P4)."""

    rule: str
    article: str | None
    words: str | None
    facts: dict[str, Any]
    outcome: FindingOutcome
    value: Any = None
    message: Words
    remarks: list[Words] = Field(default_factory=list)


class ResultView(View):
    """The findings and what follows from them, under which version of the regulation."""

    application_id: UUID
    overall: Overall
    article: str | None = Field(description="Of the first finding that refuses, if one does.")
    findings: list[FindingView]
    pack_id: str
    pack_version: str
    concluded_at: AwareDatetime | None = None


class EligibilityView(ResultView):
    """What reviewers see beside the findings.

    `within_birth_window`: whether the birth date lies in the window that the notice names, null where it names none.
    """

    within_birth_window: bool | None
    determinations: list[DeterminationView]
    interpretations: list[InterpretationView] = Field(description="Of the articles that the findings cite.")
