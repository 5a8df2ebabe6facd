"""Operations on ladders and ranks."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import LADDER_WRITE, RANK_OWN, RANK_READ, RANK_WRITE
from services.roster.rank import actions, queries
from services.roster.rank.schemas import LadderDraft, LadderView, Placement, Promotion, RanksView, RankView

router = Router(service="roster", tag="ranks")


@router.post(
    "/ladders", permission=LADDER_WRITE, creates=True, status_code=201, articles=["NM-23"], problems=[RuleRefused]
)
async def load_ladder(tx: Tx, body: LadderDraft) -> LadderView:
    """Load a ladder at the level to which the regulation leaves it, for approval; a sample is marked and needs none."""
    return await actions.load(tx, body)


@router.get("/ladders", permission=RANK_READ, articles=["NM-23"])
async def list_ladders(tx: Tx) -> Page[LadderView]:
    """The ladders that were loaded, the newest first."""
    return Page[LadderView](items=await queries.ladders(tx))


@router.get("/dossiers/{dossier_id}/ranks", permission=RANK_READ, articles=["NM-23", "NM-28"])
async def read_ranks(tx: Tx, dossier_id: UUID) -> RanksView:
    """The grades of a worker in time with their findings, and the yearly results that promotion reads."""
    return await actions.read(tx, dossier_id)


@router.post(
    "/dossiers/{dossier_id}/ranks",
    permission=RANK_WRITE,
    creates=True,
    status_code=201,
    articles=["NM-23"],
    problems=[RuleRefused, ParameterNotSet, WrongState],
)
async def place_on_rank(tx: Tx, dossier_id: UUID, body: Placement) -> RankView:
    """Place a worker on a grade for the first time."""
    return await actions.place(tx, dossier_id, body)


@router.post(
    "/dossiers/{dossier_id}/promotions",
    permission=RANK_WRITE,
    creates=True,
    status_code=201,
    articles=["NM-23", "NM-28"],
    problems=[RuleRefused, ParameterNotSet, WrongState],
)
async def promote(tx: Tx, dossier_id: UUID, body: Promotion) -> RankView:
    """Raise a worker to the next grade by years of service and the last yearly grade."""
    return await actions.promote(tx, dossier_id, body)


@router.get("/own/ranks", permission=RANK_OWN, articles=["NM-15", "NM-23"])
async def own_ranks(tx: Tx) -> RanksView:
    """The grades of the person who asks."""
    return await actions.own(tx)
