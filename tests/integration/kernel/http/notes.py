"""A made-up service of notes, by the machinery that every service uses."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from kernel.access.permission import Permission
from kernel.context import Context
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text
from kernel.events.outbox import Act, record
from kernel.http.etag import IfMatch, check_version
from kernel.http.hot_creating import HotCreating, Making
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Body, Page, View
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.org.known import Known
from kernel.regulation.loading import load
from tests.integration.kernel.made_up import Note, Series

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PATH = "/api/v1/probe/notes"
HOT_PATH = "/api/v1/probe/hot-notes"
# Not declared with `permission`: the list of the product's permissions stays its own.
READ = Permission("probe.note.read", Text("读", "Read notes"), "official")
WRITE = Permission("probe.note.write", Text("写", "Write notes"), "official")


class NoteMake(Body):
    """A new note."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    number: int = 0
    series_id: UUID | None = None


class NoteView(View):
    """A note."""

    id: UUID
    unit_no: int
    title: str
    number: int
    version: int


router = Router(service="probe", tag="notes")


def built(context: Context, body: NoteMake) -> Note:
    """The note, not stored yet."""
    assert context.actor.unit_no is not None
    return Note(tenant_id=context.tenant, id=new_id(), unit_no=context.actor.unit_no, **body.model_dump())


async def write(tx: Transaction, body: NoteMake) -> Note:
    """The effect of making a note, in the unit of the acting post."""
    note = built(tx.context, body)
    tx.session.add(note)
    await tx.session.flush()
    return note


async def find(tx: Transaction, note_id: UUID) -> Note:
    """One note, locked."""
    found = await tx.session.execute(select(Note).where(col(Note.id) == note_id).with_for_update())
    note = found.scalar_one_or_none()
    if note is None:
        raise NotFound
    return note


@router.post("/notes", permission=WRITE, creates=True, status_code=201)
async def make_note(tx: Tx, body: NoteMake) -> NoteView:
    """Make a note."""
    return NoteView.model_validate(await write(tx, body))


@router.post("/hot-notes", permission=WRITE, creates=True, status_code=201)
async def make_hot_note(tx: Tx, body: NoteMake) -> NoteView:
    """Make a note that is recorded."""
    note = await write(tx, body)
    await record(tx, act_of(note))
    return NoteView.model_validate(note)


async def make_hot(known: Known, body: NoteMake) -> Making | None:
    """The same without a transaction."""
    if body.number < 0:
        raise RuntimeError("a bug on the hot way")
    note = built(known.context, body)
    return Making(Note, note.model_dump(), NoteView.model_validate(note), act_of(note))


def act_of(note: Note) -> Act:
    """What is recorded of a note."""
    return Act("probe.note.write", "note", note.id, facts={"number": note.number})


@router.post("/notes/crashing", permission=WRITE, creates=True, status_code=201)
async def crash_behind_the_effect(tx: Tx, body: NoteMake) -> NoteView:
    """Make a note and fail before the answer."""
    await write(tx, body)
    raise RuntimeError("a bug behind the effect")


@router.post("/series", permission=WRITE, creates=True, status_code=201)
async def make_series(tx: Tx) -> None:
    """Make a series."""
    tx.session.add(Series(tenant_id=tx.tenant, id=new_id()))


@router.get("/notes", permission=READ)
async def list_notes(tx: Tx, paging: PageOf, title: str | None = None) -> Page[NoteView]:
    """The notes by id."""
    statement = select(Note).order_by(col(Note.id)).limit(paging.limit + 1)
    if title is not None:
        statement = statement.where(col(Note.title) == title)
    if paging.after is not None:
        statement = statement.where(col(Note.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda note: [str(note.id)])
    return Page(items=[NoteView.model_validate(note) for note in shown], next=following)


@router.get("/notes/{note_id}", permission=READ)
async def get_note(tx: Tx, note_id: UUID) -> NoteView:
    """One note."""
    return NoteView.model_validate(await find(tx, note_id))


@router.patch("/notes/{note_id}", permission=WRITE)
async def change_note(tx: Tx, note_id: UUID, body: NoteMake, version: IfMatch) -> NoteView:
    """Change a note."""
    note = await find(tx, note_id)
    check_version(note.version, version)
    note.title = body.title
    note.version += 1
    await tx.session.flush()
    return NoteView.model_validate(note)


HOT = HotCreating(HOT_PATH, WRITE, NoteMake, make_hot)
SERVICE = Service(name="probe", title=Text("笔记", "Notes"), routers=[router], hot=[HOT])


def pack() -> str:
    """A regulation whose only permissions are those of notes: read for all of a department, write for handlers."""
    made = json.loads(load(Path(__file__).parents[4] / "regulations" / "neimenggu").to_json())
    everywhere = {"departments": ["society_work"], "levels": ["region", "league", "county", "township", "community"]}
    made["document"]["permissions"] = {
        READ.name: [{**everywhere, "duties": ["handler", "viewer"]}],
        WRITE.name: [{**everywhere, "duties": ["handler"]}],
    }
    return json.dumps(made)
