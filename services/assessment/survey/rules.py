"""What a survey must be, what an answer must be, and the score that answers give. Pure."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from services.assessment.method import Rounding, Stage, rounded_ratio

TOKEN_BYTES = 32
"""Nobody guesses one of 2^256."""


def check_questions(codes: Sequence[str]) -> None:
    """Raise `InvalidInput` for a question that stands twice."""
    if len(set(codes)) != len(codes):
        message = Text("题目代码重复", "A question stands twice.")
        raise InvalidInput(message, errors=[FieldError("/questions", message)])


def check_closing(closes_on: date, today: date) -> None:
    """Raise `InvalidInput` for a survey that would close before it is open."""
    if closes_on < today:
        message = Text("截止日不能早于今日", "It cannot close before today.")
        raise InvalidInput(message, errors=[FieldError("/closes_on", message)])


def check_taking(closes_on: date, today: date) -> None:
    """Raise `WrongState` after the last day; that day itself still counts."""
    if today > closes_on:
        raise WrongState(Text(f"测评已于 {closes_on} 截止", f"The survey closed on {closes_on}."))


def check_closed(stage: Stage, closes_on: date | None, today: date) -> None:
    """Raise `RuleRefused` unless the survey was held and its last day is past."""
    if closes_on is None:
        raise RuleRefused(Text("尚未开展居民测评", "The residents' survey was not held."), article=stage.article)
    if today <= closes_on:
        raise RuleRefused(
            Text(f"居民测评至 {closes_on} 截止", f"The residents' survey is open up to {closes_on}."),
            article=stage.article,
        )


def check_marks(marks: Mapping[str, int], best: Mapping[str, int]) -> None:
    """Raise `InvalidInput` unless every question, and nothing else, has a mark within its range."""
    wrong = [code for code in best if code not in marks or marks[code] > best[code]]
    strange = [code for code in marks if code not in best]
    if wrong or strange:
        errors = [
            FieldError(f"/marks/{code}", Text(f"请给出 0 至 {best[code]} 分", f"Give a mark from 0 to {best[code]}."))
            for code in wrong
        ]
        if strange:
            errors.append(FieldError("/marks", Text("含有测评表没有的题目", "A question is not on the form.")))
        raise InvalidInput(Text("作答不完整或超出范围", "The answer is incomplete or out of range."), errors=errors)


def spent() -> Conflict:
    """The refusal of a token: used, withdrawn, unknown and too late are one answer, so that nothing can be tried."""
    return Conflict(
        Text("测评码无效、已使用或测评已截止", "The token is not valid, was used already, or the survey has closed.")
    )


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """A new token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class CommunityScore:
    """What residents of one community gave: how many answered, whether enough, and the score of the whole if so."""

    answered: int
    enough: bool
    score: Decimal | None


def community_score(terms: Mapping[str, Any], answered: int, points: int) -> CommunityScore:
    """The mean of the answers on the scale of the assessment, rounded once; none while there are too few answers.

    terms: `minimum` answers, `best` points of one answer, `full_score`, `rounding`.
    """
    if answered < terms["minimum"]:
        return CommunityScore(answered, False, None)
    rounding = Rounding.model_validate(terms["rounding"])
    return CommunityScore(
        answered, True, rounded_ratio(terms["full_score"] * points, answered * terms["best"], rounding)
    )
