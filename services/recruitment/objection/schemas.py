"""Objections over HTTP. Who objected goes out through one operation only."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, SecretStr, StringConstraints

from kernel.http.schema import Body, View

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Object(Body):
    """An objection as it was handed in: by whom, how they are reached, what they say."""

    objector: Annotated[SecretStr, StringConstraints(min_length=1, max_length=100)]
    contact: Annotated[SecretStr, StringConstraints(min_length=1, max_length=100)]
    text: Sentence
    received_on: date


class Answer(Body):
    """What was found. `upheld`: the objection is right, and the hire is not decided as it stands."""

    upheld: bool
    answer: Sentence


class Unseal(Body):
    """Why it has to be known who objected."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ObjectionRecord(View):
    """An objection and how it was answered, without its text: an answer that is kept to be repeated holds no clear text
    of what is sealed."""

    id: UUID
    hire_id: UUID
    received_on: date
    objected_at: AwareDatetime
    upheld: bool | None
    answer: str | None
    answered_at: AwareDatetime | None
    version: int


class ObjectionView(ObjectionRecord):
    """An objection with its text and answer; who objected is not shown."""

    text: str


class ObjectorView(View):
    """Who objected, for whoever said why."""

    objection_id: UUID
    objector: str
    contact: str
