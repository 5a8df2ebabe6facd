"""Operations on hires; the list made public is for everybody."""

from uuid import UUID

from kernel.errors import RuleRefused, WrongState
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from services.recruitment import permissions
from services.recruitment.hire import actions, queries
from services.recruitment.hire.schemas import HirePropose, HireState, HireView, PublicHireView

router = Router(service="recruitment", tag="hires")


@router.post(
    "/hires",
    permission=permissions.HIRE_PROPOSE,
    creates=True,
    status_code=201,
    articles=["NM-8", "SH-8"],
    problems=[RuleRefused, WrongState],
)
async def propose_hire(tx: Tx, body: HirePropose) -> HireView:
    """Propose an applicant who passed every stage; the list is made public from today where the regulation asks it."""
    return await actions.propose(tx, body)


@router.get("/hires", permission=permissions.HIRE_READ)
async def list_hires(
    tx: Tx, page: PageOf, notice_id: UUID | None = None, state: HireState | None = None
) -> Listed[HireView]:
    """Proposed and decided hires in scope, newest first."""
    return await queries.page(tx, page, notice_id=notice_id, state=state)


@router.get("/hires/{hire_id}", permission=permissions.HIRE_READ)
async def read_hire(tx: Tx, hire_id: UUID) -> HireView:
    """One hire."""
    return await queries.view(tx, hire_id)


@router.get("/publicity", permission=permissions.HIRE_VIEW, articles=["NM-8"])
async def list_public_hires(tx: Tx, page: PageOf, notice_id: UUID | None = None) -> Listed[PublicHireView]:
    """The lists of proposed hires that are public today, with masked names."""
    return await queries.public(tx, page, notice_id)
