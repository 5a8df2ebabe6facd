"""What goes in and out of explanations over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.regulation.schemas import FindingView
from kernel.http.interpretations import InterpretationView
from kernel.http.schema import Body, View

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
FactValue = bool | int | Annotated[str, Field(max_length=500)] | Annotated[list[str | int], Field(max_length=200)]
Facts = Annotated[dict[Name, FactValue], Field(max_length=200)]
Determinations = Annotated[dict[Name, Literal["met", "not_met"]], Field(max_length=200)]


class Question(Body):
    """A group of rules and the facts; `unit_id`: with the figures that the offices of the unit and above it set."""

    group: Name
    facts: Facts
    determinations: Annotated[dict[Name, Literal["met", "not_met"]], Field(max_length=200)] = Field(
        default_factory=dict
    )
    on: date | None = None
    unit_id: UUID | None = None


class ExplainBody(Question):
    """`pack_version`: under a published version, in force or not; else under the one in force on the day."""

    pack_version: Annotated[str, Field(max_length=20)] | None = None


class WhatIfBody(ExplainBody):
    """The same question with other facts, under another published version, or both."""

    changed_facts: Facts = Field(default_factory=dict)
    other_version: Annotated[str, Field(max_length=20)] | None = None


class ExplanationView(View):
    """The findings in the order of the text, and what the interpreting organ answered on their articles."""

    pack_id: str
    pack_version: str
    findings: list[FindingView]
    interpretations: list[InterpretationView]


class WhatIfView(View):
    """The findings before and after; `changed`: the rules that answer otherwise."""

    before: ExplanationView
    after: ExplanationView
    changed: list[str]


class FactView(View):
    """A fact that rules of the group read."""

    name: str
    kind: str
    label: dict[str, str]
    values: dict[str, dict[str, str]]


class RuleView(View):
    """A rule of the group: its article, words and message; `kind` says who decides."""

    rule: str
    kind: Literal["hard", "soft", "judgement"]
    article: str | None
    words: str | None
    message: dict[str, str]
    facts: list[str]


class GroupView(View):
    """The rules of a group and the facts that they read."""

    group: str
    rules: list[RuleView]
    facts: list[FactView]
