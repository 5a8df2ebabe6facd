"""What goes in and out of the residents' survey over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from kernel.http.schema import Body, View
from services.assessment.method import Word

TOKEN_CHARACTERS = 43
"""Of 32 random bytes in base64url without padding."""


class Question(Body):
    """A question with marks from 0 to `best`."""

    code: Word
    text: Annotated[str, StringConstraints(min_length=2, max_length=200)]
    best: int = Field(ge=1, le=100)


class SurveyOpening(Body):
    """Open the survey of a cycle: it takes answers up to and with `closes_on`."""

    title: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    questions: list[Question] = Field(min_length=1, max_length=30)
    closes_on: date


class SurveyForm(View):
    """What a resident sees: no more than the questions."""

    id: UUID
    title: str
    questions: list[Question]
    opens_on: date
    closes_on: date


class PartView(View):
    """The survey in one community. The score is shown when the survey has closed, so that no answer can be singled
    out."""

    unit_no: int
    community_unit_id: UUID
    minimum: int
    issued: int
    withdrawn: int
    unused: int
    answered: int
    enough: bool
    score: Decimal | None


class SurveyView(View):
    """A survey with its communities in the scope."""

    id: UUID
    cycle_id: UUID
    unit_no: int
    title: str
    questions: list[Question]
    opens_on: date
    closes_on: date


class PartList(View):
    """The survey in the communities of the scope."""

    items: list[PartView]


class TokenOrder(Body):
    """So many tokens for one community."""

    community_unit_id: UUID
    count: int = Field(ge=1, le=5000)


class TokenSheet(View):
    """Tokens made just now, to be printed as links or QR codes. They are shown this once and stored nowhere.

    `link` is opened by a phone; the token stands behind `#`, so it is sent to no server with the address.
    """

    survey_id: UUID
    community_unit_id: UUID
    tokens: list[str]
    links: list[str]


class TokenWithdrawal(Body):
    """Make the unused tokens of a community worthless (a sheet was lost)."""

    community_unit_id: UUID
    reason: Annotated[str, StringConstraints(min_length=4, max_length=200)]


class Withdrawn(View):
    """How many tokens were withdrawn."""

    withdrawn: int


class Answer(Body):
    """A resident's answer: the token, in the body and never in an address, and a mark for every question."""

    token: SecretStr = Field(min_length=TOKEN_CHARACTERS, max_length=TOKEN_CHARACTERS)
    marks: dict[Word, Annotated[int, Field(ge=0, le=100, strict=True)]] = Field(min_length=1, max_length=30)


class Thanks(View):
    """The answer was taken. It names nothing by which it could be found again."""

    state: Literal["received"] = "received"
