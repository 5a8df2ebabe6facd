"""Seats, checks of imported scores, and who enters the interview (NM-8). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from uuid import UUID

from kernel.errors import FieldError, InvalidInput, ParameterNotSet, Text, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.terms import FULL_MARKS, SCORE_DECIMALS, Part, Terms, rounded

PROCEDURE = "recruitment"
KINDS: Mapping[Part, str] = {"written": "written_exam", "interview": "interview"}
NAMES: Mapping[Part, Text] = {"written": Text("笔试", "written exam"), "interview": Text("面试", "interview")}


@dataclass(frozen=True, slots=True)
class Seat:
    """A ticket with its place."""

    application_id: UUID
    ticket: str
    room: str
    number: int


@dataclass(frozen=True, slots=True)
class Sitter:
    """What a check of rows needs to know of a candidate. `awaited`: takes part in the part that is scored."""

    application_id: UUID
    ticket: str
    awaited: bool
    absent: bool
    scored: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an import as it came. `marks`: (examiner, score, recused, reason); a written score is one mark."""

    ticket: str | None
    application_id: UUID | None
    marks: Sequence[tuple[str, str | None, bool, str | None]]


def article(pack: Pack, part: Part = "written") -> str | None:
    """The article of the procedure's step that holds the part."""
    procedure = pack.procedure(PROCEDURE)
    if procedure is None:
        return None
    return next((step.article for step in procedure.steps if KINDS[part] in step.kinds), procedure.article)


def terms_of(pack: Pack, stored: Mapping[str, object] | None) -> Terms:
    """The notice's terms. Raises `ParameterNotSet` where it has none: then there is no exam to hold."""
    if stored is None:
        raise ParameterNotSet(
            Text("公告未设考试，本办法的程序也没有考试", "Neither the notice nor the procedure has an exam."),
            article=article(pack),
        )
    return Terms.load(stored)


def check_seatable(pack: Pack, *, closed: bool, under_review: int, qualified: int) -> None:
    """Raise `WrongState` while people may still sign up, a review is open, or nobody is qualified."""
    if not closed:
        raise WrongState(Text("报名尚未截止", "Sign-up is still open."), article=article(pack))
    if under_review:
        raise WrongState(
            Text(f"还有{under_review}人的资格审查未结束", f"{under_review} review(s) are not concluded."),
            article=article(pack),
        )
    if not qualified:
        raise WrongState(Text("没有资格审查合格的人员", "Nobody is qualified."), article=article(pack))


def seats(notice_id: UUID, year: int, rooms: Sequence[tuple[str, int]], applications: Iterable[UUID]) -> list[Seat]:
    """Tickets and seats, by the hash of notice and application: nobody can choose the order, anyone can repeat it.

    Raises `InvalidInput` where the rooms have too few seats or two have one name.
    """
    order = sorted(applications, key=lambda each: sha256(notice_id.bytes + each.bytes).digest())
    places = [(name, number) for name, size in rooms for number in range(1, size + 1)]
    if len({name for name, _ in rooms}) < len(rooms):
        raise InvalidInput(errors=[FieldError("/rooms", Text("考场名称重复", "Two rooms have the same name."))])
    if len(places) < len(order):
        short = Text(f"座位{len(places)}个，考生{len(order)}人", f"{len(places)} seats for {len(order)} candidates.")
        raise InvalidInput(errors=[FieldError("/rooms", short)])
    return [
        Seat(application, f"{year}{place:05d}", room, number)
        for place, (application, (room, number)) in enumerate(zip(order, places, strict=False), 1)
    ]


def check_open(state: str, part: Part, terms: Terms, pack: Pack) -> None:
    """Raise `WrongState` unless scores of that part are taken now."""
    if terms.weight(part) == 0:
        raise WrongState(
            Text(f"公告未设{NAMES[part].zh}", f"The notice has no {NAMES[part].en}."), article=article(pack, part)
        )
    if state == "fixed":
        raise WrongState(Text("排名已确定", "The ranking is fixed."), article=article(pack, part))
    if part == "written" and state != "seated":
        raise WrongState(Text("笔试已结束", "The written exam is closed."), article=article(pack, part))
    if part == "interview" and state != "interview":
        raise WrongState(
            Text("应先结束笔试，再进行面试", "The written exam is closed before the interview."),
            article=article(pack, "written"),
        )


def check_last_part(state: str, terms: Terms, pack: Pack) -> None:
    """Raise `WrongState` unless the last part that the notice holds can be ended now."""
    if terms.interview_weight:
        check_open(state, "interview", terms, pack)
    elif state == "seated":
        raise WrongState(Text("笔试尚未结束", "The written exam is not closed."), article=article(pack))
    elif state == "fixed":
        raise WrongState(Text("排名已确定", "The ranking is fixed."), article=article(pack))


def check_absences(absent: Sequence[str], present: Sequence[str], sitters: Sequence[Sitter]) -> None:
    """Raise `InvalidInput` naming each ticket that is unknown, stands twice, or has a score."""
    known = {each.ticket: each for each in sitters}
    errors = []
    seen: set[str] = set()
    for place, (member, ticket) in enumerate(
        [("absent", each) for each in absent] + [("present", each) for each in present]
    ):
        index = place if member == "absent" else place - len(absent)
        sitter = known.get(ticket)
        if sitter is None or not sitter.awaited:
            errors.append(_at(index, "", _UNKNOWN, f"/{member}"))
        elif ticket in seen:
            errors.append(_at(index, "", _TWICE, f"/{member}"))
        elif sitter.scored:
            errors.append(_at(index, "", Text("已有成绩，不能登记缺考", "has a score"), f"/{member}"))
        seen.add(ticket)
    if errors:
        raise InvalidInput(errors=errors)


def read_rows(
    rows: Sequence[Row], sitters: Sequence[Sitter], *, correcting: bool, part: Part, places: int
) -> tuple[dict[UUID, Decimal], list[FieldError]]:
    """The score of each row's candidate, and every fault with its row. Scores are of use only where no fault is."""
    tickets = {each.ticket: each for each in sitters}
    ids = {each.application_id: each for each in sitters}
    scores: dict[UUID, Decimal] = {}
    errors: list[FieldError] = []
    for place, row in enumerate(rows):
        given = (row.ticket is not None) + (row.application_id is not None)
        sitter = tickets.get(row.ticket) if row.ticket is not None else ids.get(row.application_id or UUID(int=0))
        fault = _fault(sitter, given, scores, correcting)
        if fault is not None:
            errors.append(_at(place, "ticket" if row.application_id is None else "application_id", fault))
            continue
        assert sitter is not None  # noqa: S101 - `_fault` names one who is unknown
        value = _value(place, row, part, places, errors)
        scores[sitter.application_id] = value if value is not None else Decimal(0)
    return scores, errors


def enter_interview(written: Mapping[UUID, Decimal | None], *, posts: int, terms: Terms) -> frozenset[UUID]:
    """Who enters the interview for one item: by the written score, so many to a post, all who tie at the last place.

    None stands for an absent candidate, who does not enter; neither does one below the pass line. With fewer than
    the ratio asks for, all of them enter. Without a written exam everybody does.
    """
    if terms.written_weight == 0:
        return frozenset(written)
    line = terms.written_pass
    passed = {each: score for each, score in written.items() if score is not None and (line is None or score >= line)}
    places = posts * terms.interview_ratio
    if len(passed) <= places:
        return frozenset(passed)
    last = sorted(passed.values(), reverse=True)[places - 1]
    return frozenset(each for each, score in passed.items() if score >= last)


def check_scored(pack: Pack, part: Part, missing: int) -> None:
    """Raise `WrongState` while candidates who came have no score."""
    if missing:
        raise WrongState(
            Text(
                f"还有{missing}人没有{NAMES[part].zh}成绩", f"{missing} candidate(s) have no score: {NAMES[part].en}."
            ),
            article=article(pack, part),
        )


_UNKNOWN = Text("准考证号不存在", "unknown ticket")
_TWICE = Text("重复", "stands twice")


def _fault(sitter: Sitter | None, given: int, scores: Mapping[UUID, Decimal], correcting: bool) -> Text | None:
    if given != 1:
        return Text("准考证号与报名编号应填且只填一项", "give ticket or application_id, one of them")
    if sitter is None:
        return _UNKNOWN
    if not sitter.awaited:
        return Text("该考生未进入面试", "does not enter the interview")
    if sitter.application_id in scores:
        return _TWICE
    if sitter.absent:
        return Text("该考生缺考，不应有成绩", "was absent and can have no score")
    if sitter.scored and not correcting:
        return Text("该考生已有成绩", "has a score already")
    if correcting and not sitter.scored:
        return Text("该考生尚无成绩可更正", "has no score to be corrected")
    return None


def _value(place: int, row: Row, part: Part, places: int, errors: list[FieldError]) -> Decimal | None:
    marks: list[Decimal] = []
    seen: set[str] = set()
    for index, (examiner, text, recused, reason) in enumerate(row.marks):
        member = f"marks/{index}/score" if part == "interview" else "score"
        if examiner in seen:
            errors.append(_at(place, f"marks/{index}/examiner", Text("考官重复", "the examiner stands twice")))
        seen.add(examiner)
        if recused:
            if text is not None:
                errors.append(_at(place, member, Text("回避的考官不打分", "a recused examiner gives no score")))
            if reason is None:
                errors.append(_at(place, f"marks/{index}/reason", Text("请写明回避理由", "say why")))
            continue
        mark = _mark(text)
        if isinstance(mark, Text):
            errors.append(_at(place, member, mark))
        else:
            marks.append(mark)
    if not marks:
        if all(recused for _, _, recused, _ in row.marks):
            errors.append(_at(place, "marks", Text("考官均已回避，没有打分", "every examiner is recused")))
        return None
    return (
        rounded(marks[0], SCORE_DECIMALS) if part == "written" else rounded(sum(marks, Decimal(0)) / len(marks), places)
    )


def _mark(text: str | None) -> Decimal | Text:
    if text is None:
        return Text("缺少成绩", "the score is missing")
    try:
        value = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        return Text("成绩不是数字", "the score is no number")
    if not 0 <= value <= FULL_MARKS:
        return Text(f"成绩应在0至{FULL_MARKS}分之间", f"a score lies between 0 and {FULL_MARKS}")
    if value != rounded(value, SCORE_DECIMALS):
        return Text(f"成绩最多{SCORE_DECIMALS}位小数", f"a score has at most {SCORE_DECIMALS} decimals")
    return value


def _at(place: int, member: str, message: Text, base: str = "/rows") -> FieldError:
    pointer = f"{base}/{place}/{member}".rstrip("/")
    return FieldError(pointer, Text(f"第{place + 1}行：{message.zh}", f"Row {place + 1}: {message.en}"))
