"""Signing up, withdrawing, and the state that review, selection and hire move an application to."""

from uuid import UUID

from contracts.recruitment import ApplicationSubmitted, ApplicationWithdrawn
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, Forbidden, InvalidInput, Text
from kernel.events.outbox import audit, emit
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.privacy import id_number
from kernel.privacy.blind_index import blind_index
from kernel.privacy.fields import protect
from services.recruitment.application import queries, rules
from services.recruitment.application.schemas import ApplicationState, ApplicationView, SignUp
from services.recruitment.application.tables import Application
from services.recruitment.notice import queries as notices

SUBJECT = "application"


async def sign_up(tx: Transaction, body: SignUp) -> ApplicationView:
    """Sign the acting person up for the posts of a notice item.

    Raises `WrongState` outside the time of sign-up, `InvalidInput` by field, `Conflict` for a second sign-up of the
    same person for the same notice (the answer does not tell under which account the first stands).
    """
    person = tx.context.actor.person
    if person is None:
        raise Forbidden(Text("请以个人账号报名", "Sign up with a personal account."))
    item = await notices.item(tx, body.item_id)
    notice = await notices.row(tx, item.notice_id)
    pack = await org_queries.pack_version(tx, item.pack_id, item.pack_version)
    rules.check_open(pack, now=tx.now, opens_at=notice.opens_at, closes_at=notice.closes_at)
    number = _id_number(body)
    rules.check_birth(number.birth_date, item.age_reference_date)
    phone = body.phone.get_secret_value().strip()
    rules.check_phone(phone)
    rules.check_declarations(pack, notices.declared_facts(pack), body.declarations, notices.claimed_facts(pack))
    application_id = new_id()
    application = Application(
        tenant_id=tx.tenant,
        id=application_id,
        unit_no=item.unit_no,
        person_id=person,
        notice_id=notice.id,
        item_id=item.id,
        state="submitted",
        name=body.name,
        id_number=await protect(tx, person, column=queries.ID_NUMBER, row_id=application_id, value=number.value),
        id_number_index=blind_index(tx, "id_number", number.value),
        phone=await protect(tx, person, column=queries.PHONE, row_id=application_id, value=phone),
        education_code=body.education_code,
        declarations=body.declarations,
        submitted_at=tx.now,
    )
    if not await queries.add(tx, application):
        raise Conflict(
            Text("同一人对同一公告只能报名一次", "One person signs up for one notice once."),
            article=rules.step_article(pack, "sign_up"),
        )
    await emit(
        tx,
        ApplicationSubmitted(
            application_id=str(application_id),
            notice_id=str(notice.id),
            notice_item_id=str(item.id),
            person_id=str(person),
        ),
        aggregate_id=application_id,
        unit_no=item.unit_no,
    )
    await audit(tx, "recruitment.application.submit", subject_type=SUBJECT, subject_id=application_id)
    return await queries.shown(tx, application)


async def withdraw(tx: Transaction, application_id: UUID) -> ApplicationView:
    """Withdraw one's own sign-up, until it closes."""
    application = await queries.row(tx, application_id, lock=True)
    rules.check_withdrawable(application.state)
    item = await notices.item(tx, application.item_id)
    notice = await notices.row(tx, application.notice_id)
    pack = await org_queries.pack_version(tx, item.pack_id, item.pack_version)
    rules.check_open(pack, now=tx.now, opens_at=notice.opens_at, closes_at=notice.closes_at)
    await move(tx, application, "withdrawn")
    await emit(
        tx,
        ApplicationWithdrawn(
            application_id=str(application.id),
            notice_id=str(application.notice_id),
            person_id=str(application.person_id),
        ),
        aggregate_id=application.id,
        unit_no=application.unit_no,
    )
    await audit(tx, "recruitment.application.withdraw", subject_type=SUBJECT, subject_id=application.id)
    return await queries.shown(tx, application)


async def move(tx: Transaction, application: Application, state: ApplicationState) -> None:
    """Put a locked application into a state; which ways are open is the rule of whoever calls."""
    application.state = state
    application.version += 1
    await tx.session.flush()


async def identity(tx: Transaction, application: Application) -> dict[str, str]:
    """Name, ID number and phone for the sealed member of the hire. Raises `PersonErased`."""
    number, phone = await queries.revealed(tx, application)
    return {"full_name": application.name, "id_number": number, "phone": phone}


def _id_number(body: SignUp) -> id_number.IdNumber:
    try:
        return id_number.parse(body.id_number.get_secret_value())
    except id_number.IdNumberInvalid as error:
        raise InvalidInput(errors=[FieldError("/id_number", error.message)]) from None
