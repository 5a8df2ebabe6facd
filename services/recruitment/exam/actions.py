"""Holding the exam: seats, attendance, scores, the end of each part (NM-8). Each act locks the notice's row."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, InvalidInput, Text, WrongState
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment.application import queries as application_queries
from services.recruitment.exam import queries, rules
from services.recruitment.exam.schemas import (
    Attendance,
    ExamView,
    ImportView,
    InterviewImport,
    Part,
    RowError,
    Seating,
    WrittenImport,
)
from services.recruitment.exam.tables import Candidate, Exam, Score
from services.recruitment.notice import queries as notices
from services.recruitment.terms import Terms

SUBJECT = "notice"


async def terms(tx: Transaction, notice_id: UUID) -> tuple[Pack, Terms]:
    """The terms of the notice's exam and the pack it stands under. Raises `ParameterNotSet` where it has none."""
    notice = await notices.row(tx, notice_id)
    pack = await org_queries.pack_version(tx, notice.pack_id, notice.pack_version)
    return pack, rules.terms_of(pack, notice.exam)


async def seat(tx: Transaction, notice_id: UUID, body: Seating) -> ExamView:
    """Give every qualified applicant a ticket and a seat, once."""
    pack, held_under = await _held(tx, notice_id)
    notice = await notices.row(tx, notice_id)
    if await queries.exam(tx, notice_id) is not None:
        raise Conflict(Text("考场已编排", "Seats were given already."), article=rules.article(pack))
    known = await application_queries.of_notice(tx, notice_id)
    qualified = [each for each in known if each.state == "qualified"]
    under_review = sum(each.state == "submitted" for each in known)
    rules.check_seatable(pack, closed=tx.now >= notice.closes_at, under_review=under_review, qualified=len(qualified))
    rooms = [(room.name, room.seats) for room in body.rooms]
    given = {
        each.application_id: each
        for each in rules.seats(notice.id, tx.today.year, rooms, [each.id for each in qualified])
    }
    # Without a written exam the interview is open at once, to everybody.
    state = "seated" if held_under.written_weight else "interview"
    tx.session.add(
        Exam(
            tenant_id=tx.tenant,
            notice_id=notice.id,
            unit_no=notice.unit_no,
            state=state,
            place=body.place,
            held_at=body.held_at,
            seated_at=tx.now,
        )
    )
    for application in qualified:
        place = given[application.id]
        tx.session.add(
            Candidate(
                tenant_id=tx.tenant,
                application_id=application.id,
                notice_id=notice.id,
                item_id=application.item_id,
                unit_no=application.unit_no,
                person_id=application.person_id,
                ticket=place.ticket,
                room=place.room,
                seat=place.number,
                place=body.place,
                held_at=body.held_at,
                interviewed=True if state == "interview" else None,
            )
        )
    await tx.session.flush()
    await _audited(tx, "recruitment.exam.seat", notice_id, {"candidates": len(qualified), "rooms": len(rooms)})
    return await queries.view(tx, notice_id)


async def mark_absent(tx: Transaction, notice_id: UUID, part: Part, body: Attendance) -> ExamView:
    """Record who did not come: no score, no rank; `present` takes a mark back that was wrong."""
    pack, held_under = await _held(tx, notice_id)
    exam = await _open(tx, notice_id, part, held_under, pack)
    rules.check_absences(body.absent, body.present, await _sitters(tx, notice_id, part))
    await queries.set_absent(tx, notice_id, part, body.absent, True)
    await queries.set_absent(tx, notice_id, part, body.present, False)
    exam.version += 1
    await tx.session.flush()
    await _audited(
        tx,
        "recruitment.exam.attendance",
        notice_id,
        {"part": part, "absent": len(body.absent), "present": len(body.present)},
    )
    return await queries.view(tx, notice_id)


async def import_written(tx: Transaction, notice_id: UUID, body: WrittenImport) -> ImportView:
    """Scores of the written exam: every row or none."""
    rows = [rules.Row(each.ticket, each.application_id, [("", each.score, False, None)]) for each in body.rows]
    return await _import(tx, notice_id, "written", rows, dry_run=body.dry_run, why=body.correction_reason)


async def import_interview(tx: Transaction, notice_id: UUID, body: InterviewImport) -> ImportView:
    """Marks of the interview panel: every row or none. The score is the mean of those who were not recused."""
    rows = [
        rules.Row(
            each.ticket,
            each.application_id,
            [(mark.examiner, mark.score, mark.recused, mark.reason) for mark in each.marks],
        )
        for each in body.rows
    ]
    return await _import(tx, notice_id, "interview", rows, dry_run=body.dry_run, why=body.correction_reason)


async def close_written(tx: Transaction, notice_id: UUID) -> ExamView:
    """End the written exam: who enters the interview is reckoned from ratio and pass line."""
    pack, held_under = await _held(tx, notice_id)
    exam = await _open(tx, notice_id, "written", held_under, pack)
    sitters = await _sitters(tx, notice_id, "written")
    rules.check_scored(pack, "written", sum(not (each.scored or each.absent) for each in sitters))
    held = await queries.scores(tx, notice_id)
    entering: set[UUID] = set()
    candidates = await queries.candidates(tx, notice_id)
    for item in await notices.items(tx, notice_id):
        written = {
            each.application_id: held.get((each.application_id, "written"))
            for each in candidates
            if each.item_id == item.id
        }
        entering |= rules.enter_interview(written, posts=item.posts, terms=held_under)
    await queries.set_interviewed(tx, notice_id, entering)
    exam.state = "interview"
    exam.version += 1
    await tx.session.flush()
    await _audited(tx, "recruitment.exam.close_written", notice_id, {"entering": len(entering)})
    return await queries.view(tx, notice_id)


async def finish(tx: Transaction, notice_id: UUID) -> Exam:
    """End the exam for good, with every score there: what the ranking is fixed on. Raises `WrongState` before."""
    pack, held_under = await _held(tx, notice_id)
    exam = await _seated(tx, notice_id, pack)
    rules.check_last_part(exam.state, held_under, pack)
    if held_under.interview_weight:
        sitters = [each for each in await _sitters(tx, notice_id, "interview") if each.awaited]
        rules.check_scored(pack, "interview", sum(not (each.scored or each.absent) for each in sitters))
    exam.state = "fixed"
    exam.fixed_at = tx.now
    exam.fixed_by_user, exam.fixed_by_post = tx.context.actor.user, tx.context.actor.post
    exam.version += 1
    await tx.session.flush()
    return exam


async def _import(
    tx: Transaction, notice_id: UUID, part: Part, rows: Sequence[rules.Row], *, dry_run: bool, why: str | None
) -> ImportView:
    pack, held_under = await _held(tx, notice_id)
    exam = await _open(tx, notice_id, part, held_under, pack)
    sitters = await _sitters(tx, notice_id, part)
    scores, errors = rules.read_rows(rows, sitters, correcting=why is not None, part=part, places=held_under.decimals)
    answer = ImportView(notice_id=notice_id, part=part, dry_run=dry_run, rows=len(rows), stored=0, errors=[])
    if dry_run:
        shown = [_row_error(each.pointer, each.message) for each in errors]
        return answer.model_copy(update={"errors": shown})
    if errors:
        raise InvalidInput(Text("成绩有误，全部未导入", "The scores have faults; none was stored."), errors=errors)
    candidates = {each.application_id: each for each in await queries.candidates(tx, notice_id)}
    for row, (application_id, value) in zip(rows, scores.items(), strict=True):
        candidate = candidates[application_id]
        score = Score(
            tenant_id=tx.tenant,
            id=new_id(),
            application_id=application_id,
            notice_id=notice_id,
            unit_no=candidate.unit_no,
            person_id=candidate.person_id,
            part=part,
            score=value,
            correction_reason=why,
            user_id=tx.context.actor.user,
            post_id=tx.context.actor.post,
            scored_at=tx.now,
        )
        tx.session.add(score)
        if part == "interview":
            await tx.session.flush()
            for examiner, text, recused, reason in row.marks:
                mark = None if text is None else Decimal(text)
                queries.add_mark(tx, score, examiner, mark, recused, reason)
    exam.version += 1
    await tx.session.flush()
    await _audited(
        tx, "recruitment.score.import", notice_id, {"part": part, "rows": len(rows), "correction": why is not None}, why
    )
    return answer.model_copy(update={"stored": len(rows)})


async def _held(tx: Transaction, notice_id: UUID) -> tuple[Pack, Terms]:
    await notices.row(tx, notice_id, lock=True)
    return await terms(tx, notice_id)


async def _open(tx: Transaction, notice_id: UUID, part: Part, held_under: Terms, pack: Pack) -> Exam:
    exam = await _seated(tx, notice_id, pack)
    rules.check_open(exam.state, part, held_under, pack)
    return exam


async def _seated(tx: Transaction, notice_id: UUID, pack: Pack) -> Exam:
    exam = await queries.exam(tx, notice_id)
    if exam is None:
        raise WrongState(Text("考场尚未编排", "No seats were given yet."), article=rules.article(pack))
    return exam


async def _sitters(tx: Transaction, notice_id: UUID, part: Part) -> list[rules.Sitter]:
    held = await queries.scores(tx, notice_id)
    return [
        rules.Sitter(
            application_id=each.application_id,
            ticket=each.ticket,
            awaited=part == "written" or each.interviewed is True,
            absent=each.written_absent if part == "written" else each.interview_absent,
            scored=(each.application_id, part) in held,
        )
        for each in await queries.candidates(tx, notice_id)
    ]


def _row_error(pointer: str, message: Text) -> RowError:
    return RowError(row=int(pointer.split("/")[2]) + 1, pointer=pointer, message_zh=message.zh, message_en=message.en)


async def _audited(
    tx: Transaction, action: str, notice_id: UUID, facts: dict[str, object], reason: str | None = None
) -> None:
    await audit(tx, action, subject_type=SUBJECT, subject_id=notice_id, reason=reason, facts=facts)
