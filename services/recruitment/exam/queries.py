"""SQL of the exam."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.recruitment.exam.schemas import CandidateView, ExamView, TicketView
from services.recruitment.exam.tables import Candidate, Exam, Mark, Score
from services.recruitment.notice import queries as notices

Scores = dict[tuple[UUID, str], Decimal]
"""The score that holds, by application and part."""


async def exam(tx: Transaction, notice_id: UUID) -> Exam | None:
    """The exam of the notice, if seats were given."""
    return (await tx.session.execute(select(Exam).where(col(Exam.notice_id) == notice_id))).scalar_one_or_none()


async def candidates(tx: Transaction, notice_id: UUID) -> list[Candidate]:
    """All candidates of the notice in the scope, by ticket."""
    statement = select(Candidate).where(col(Candidate.notice_id) == notice_id).order_by(col(Candidate.ticket))
    return list((await tx.session.execute(statement)).scalars())


async def scores(tx: Transaction, notice_id: UUID) -> Scores:
    """The newest score of each candidate and part."""
    found = await tx.session.execute(select(Score).where(col(Score.notice_id) == notice_id).order_by(col(Score.id)))
    return {(each.application_id, each.part): each.score for each in found.scalars()}


async def set_absent(tx: Transaction, notice_id: UUID, part: str, tickets: Iterable[str], absent: bool) -> None:
    """Mark candidates as absent from a part, or as present after all."""
    column = {f"{part}_absent": absent}
    await tx.session.execute(
        update(Candidate)
        .where(col(Candidate.notice_id) == notice_id, col(Candidate.ticket).in_(list(tickets)))
        .values(**column)
    )


async def set_interviewed(tx: Transaction, notice_id: UUID, entering: Iterable[UUID]) -> None:
    """Mark who enters the interview, and who does not."""
    chosen = col(Candidate.application_id).in_(list(entering))
    await tx.session.execute(update(Candidate).where(col(Candidate.notice_id) == notice_id).values(interviewed=chosen))


def add_mark(
    tx: Transaction, score: Score, examiner: str, mark: Decimal | None, recused: bool, why: str | None
) -> None:
    """Keep what one examiner gave beside the score it went into."""
    tx.session.add(
        Mark(
            tenant_id=tx.tenant,
            score_id=score.id,
            examiner=examiner,
            unit_no=score.unit_no,
            mark=mark,
            recused=recused,
            reason=why,
        )
    )


async def view(tx: Transaction, notice_id: UUID) -> ExamView:
    """The exam of the notice; `NotFound` before seats were given."""
    found = await exam(tx, notice_id)
    if found is None:
        raise NotFound
    counted = await tx.session.execute(
        select(func.count()).select_from(Candidate).where(col(Candidate.notice_id) == notice_id)
    )
    return ExamView.model_validate(found.model_dump() | {"candidates": counted.scalar_one()})


async def listed(tx: Transaction, notice_id: UUID, limit: int, after: tuple[Any, ...] | None) -> list[CandidateView]:
    """Up to `limit` + 1 candidates by ticket, after `(ticket,)`; `NotFound` for a notice outside the scope."""
    await notices.row(tx, notice_id)
    statement = select(Candidate).where(col(Candidate.notice_id) == notice_id)
    if after is not None:
        statement = statement.where(col(Candidate.ticket) > after[0])
    found = list((await tx.session.execute(statement.order_by(col(Candidate.ticket)).limit(limit + 1))).scalars())
    held = await scores(tx, notice_id)
    return [CandidateView.model_validate(each.model_dump() | _of(held, each.application_id)) for each in found]


async def ticket(tx: Transaction, application_id: UUID) -> TicketView:
    """The ticket of one application; `NotFound` before seats were given, for persons where it is not their own."""
    statement = select(Candidate).where(col(Candidate.application_id) == application_id)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    held = await scores(tx, found.notice_id)
    return TicketView.model_validate(found.model_dump() | _of(held, application_id))


def _of(held: Scores, application_id: UUID) -> dict[str, Decimal | None]:
    return {part: held.get((application_id, part)) for part in ("written", "interview")}
