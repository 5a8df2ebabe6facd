"""SQL of applications. What leaves here carries masked numbers only."""

from uuid import UUID

import orjson
from sqlmodel import col, select

from kernel.db import put
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.privacy.fields import reveal
from kernel.privacy.keys import PersonErased, read_keys
from kernel.privacy.masking import mask_id_number, mask_phone
from services.recruitment.application.schemas import ApplicationState, ApplicationSummary, ApplicationView
from services.recruitment.application.tables import Application

ID_NUMBER = "recruitment_application.id_number"
PHONE = "recruitment_application.phone"
"""Places that the ciphertexts are bound to."""
_LIST = Listing(
    ApplicationSummary,
    Application,
    reckoned=("id_number",),
    beside=[Application.person_id, col(Application.id).label("row_id"), col(Application.id_number).label("stored")],
)


async def row(tx: Transaction, application_id: UUID, *, lock: bool = False) -> Application:
    """The application's row; `NotFound` outside the scope, for persons where it is not their own."""
    statement = select(Application).where(col(Application.id) == application_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def of_notice(tx: Transaction, notice_id: UUID) -> list[Application]:
    """All sign-ups for the notice in the scope, in the order in which they came."""
    statement = select(Application).where(col(Application.notice_id) == notice_id).order_by(col(Application.id))
    return list((await tx.session.execute(statement)).scalars())


async def reviewed_after(tx: Transaction, after: UUID | None, limit: int) -> list[Application]:
    """Up to `limit` applications whose review is open or has decided where they stand, in the order of their ids."""
    statement = select(Application).where(col(Application.state).in_(("submitted", "qualified", "not_qualified")))
    if after is not None:
        statement = statement.where(col(Application.id) > after)
    return list((await tx.session.execute(statement.order_by(col(Application.id)).limit(limit))).scalars())


async def add(tx: Transaction, application: Application) -> bool:
    """Store a sign-up; False where the person has one for the notice already, whoever's account that is."""
    values = application.model_dump(exclude={"tenant_id", "recorded_at"})
    return await put.add(tx, Application, values | {"declarations": orjson.dumps(application.declarations).decode()})


async def view(tx: Transaction, application_id: UUID) -> ApplicationView:
    """The application with masked numbers."""
    return await shown(tx, await row(tx, application_id))


async def shown(tx: Transaction, application: Application) -> ApplicationView:
    """The row as it goes out."""
    place = application.person_id, application.id
    return ApplicationView.model_validate(
        application.model_dump(exclude={"id_number", "phone"})
        | {
            "id_number": await _masked_id_number(tx, *place, application.id_number),
            "phone": await _masked_phone(tx, *place, application.phone),
        }
    )


async def page(
    tx: Transaction, paging: Paging, *, notice_id: UUID | None = None, state: ApplicationState | None = None
) -> Listed[ApplicationSummary]:
    """The applications in the scope, or of the asking person; newest first."""
    statement = _LIST.select().where(col(Application.tenant_id) == tx.tenant)
    scope, actor = tx.context.scope, tx.context.actor
    if actor.kind == "person":
        statement = statement.where(col(Application.person_id) == actor.person)
    else:
        statement = statement.where(col(Application.unit_no).between(scope.lo, scope.hi))
    if notice_id is not None:
        statement = statement.where(col(Application.notice_id) == notice_id)
    if state is not None:
        statement = statement.where(col(Application.state) == state)
    if paging.after is not None:
        statement = statement.where(col(Application.id) < UUID(paging.after[0]))
    rows = await _LIST.in_order(tx, paging, statement, col(Application.id), newest=True)
    await read_keys(tx, {row.person_id for row in rows})
    masked = {row.id: await _masked_id_number(tx, row.person_id, row.row_id, row.stored) for row in rows}
    return _LIST.page(paging, rows, lambda row: (row.id,), lambda row: {"id_number": masked[row.id]})


async def revealed(tx: Transaction, application: Application) -> tuple[str, str]:
    """ID number and phone in clear, for reckoning age and for sealing; never part of an answer."""
    return (
        await reveal(tx, application.person_id, column=ID_NUMBER, row_id=application.id, stored=application.id_number),
        await reveal(tx, application.person_id, column=PHONE, row_id=application.id, stored=application.phone),
    )


async def _masked_id_number(tx: Transaction, person_id: UUID, row_id: UUID, stored: bytes) -> str | None:
    try:
        return mask_id_number(await reveal(tx, person_id, column=ID_NUMBER, row_id=row_id, stored=stored))
    except PersonErased:
        return None


async def _masked_phone(tx: Transaction, person_id: UUID, row_id: UUID, stored: bytes) -> str | None:
    try:
        return mask_phone(await reveal(tx, person_id, column=PHONE, row_id=row_id, stored=stored))
    except PersonErased:
        return None
