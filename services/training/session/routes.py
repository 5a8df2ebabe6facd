"""Operations on training classes."""

from uuid import UUID

from kernel.http.hot_creating import HotCreating
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from services.training.permissions import HOURS_READ, SESSION_WRITE
from services.training.session import actions, queries
from services.training.session.schemas import SessionNew, SessionView

router = Router(service="training", tag="sessions")


@router.post("/sessions", permission=SESSION_WRITE, creates=True, status_code=201, articles=["NM-20", "SH-27"])
async def register_session(tx: Tx, body: SessionNew) -> SessionView:
    """Register a training class."""
    return await actions.register(tx, body)


HOT = HotCreating(f"{router.api.prefix}/sessions", SESSION_WRITE, SessionNew, actions.register_hot)


@router.get("/sessions", permission=HOURS_READ, articles=["NM-20"])
async def list_sessions(tx: Tx, paging: PageOf) -> Listed[SessionView]:
    """The classes organised in the scope."""
    return await queries.page(tx, paging)


@router.get("/sessions/{session_id}", permission=HOURS_READ, articles=["NM-20"])
async def read_session(tx: Tx, session_id: UUID) -> SessionView:
    """One class."""
    return await queries.get(tx, session_id)
