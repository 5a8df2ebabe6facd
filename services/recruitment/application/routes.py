"""Operations on applications: the applicant's own under `/my`, the reviewers' beside them."""

from uuid import UUID

from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from services.recruitment import permissions
from services.recruitment.application import actions, queries
from services.recruitment.application.schemas import (
    ApplicationState,
    ApplicationSummary,
    ApplicationView,
    SignUp,
)

router = Router(service="recruitment", tag="applications")


@router.post(
    "/my/applications",
    permission=permissions.APPLICATION_OWN,
    creates=True,
    status_code=201,
    articles=["NM-8", "SH-8"],
)
async def sign_up(tx: Tx, body: SignUp) -> ApplicationView:
    """Sign up for posts of a notice."""
    return await actions.sign_up(tx, body)


@router.get("/my/applications", permission=permissions.APPLICATION_OWN)
async def list_my_applications(tx: Tx, page: PageOf) -> Listed[ApplicationSummary]:
    """The caller's own applications, newest first."""
    return await queries.page(tx, page)


@router.get("/my/applications/{application_id}", permission=permissions.APPLICATION_OWN)
async def read_my_application(tx: Tx, application_id: UUID) -> ApplicationView:
    """One of the caller's own applications."""
    return await queries.view(tx, application_id)


@router.post(
    "/my/applications/{application_id}/withdraw",
    permission=permissions.APPLICATION_OWN,
    creates=True,
    articles=["NM-8", "SH-8"],
)
async def withdraw_my_application(tx: Tx, application_id: UUID) -> ApplicationView:
    """Withdraw a sign-up before it closes."""
    return await actions.withdraw(tx, application_id)


@router.get("/applications", permission=permissions.APPLICATION_READ)
async def list_applications(
    tx: Tx, page: PageOf, notice_id: UUID | None = None, state: ApplicationState | None = None
) -> Listed[ApplicationSummary]:
    """Applications for communities in scope, newest first; numbers masked."""
    return await queries.page(tx, page, notice_id=notice_id, state=state)


@router.get("/applications/{application_id}", permission=permissions.APPLICATION_READ)
async def read_application(tx: Tx, application_id: UUID) -> ApplicationView:
    """One application; numbers masked."""
    return await queries.view(tx, application_id)
