"""Workers get their account by the hire: the applicant's own goes on, and who never applied gets one."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from gateway.directory import actions as directory_actions
from gateway.directory import queries as directory
from gateway.identity import people
from gateway.identity.checks import actions as checks
from gateway.identity.checks import messages
from gateway.identity.checks.registration import mobile
from gateway.identity.invitations import actions as invitations
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.messages.actions import send

NAME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that are taken for another when read from a phone."""


async def ensure_account(tx: Transaction, person_id: UUID, told: Mapping[str, str], issuer: str) -> None:
    """The account of a worker enrolled. Made now where the person has none; the invitation goes to `told["phone"]`.

    Told again it changes nothing. Without a phone an administrator hands over the invitation.
    """
    if await directory.user_of_person(tx, person_id) is not None:
        return
    user_name = "w-" + "".join(secrets.choice(NAME_LETTERS) for _ in range(8))
    user = await directory_actions.make_user(tx, user_name=user_name, display_name=user_name, person_id=person_id)
    await audit(tx, "identity.worker_account_made", subject_type="user", subject_id=user.id)
    number = mobile(told.get("phone", ""))
    place = await people.enter_tenant(tx)
    if number is None or place is None:
        return
    await checks.keep_phone(tx, user.id, person_id, number)
    token, expires_at = await invitations.invite(tx, user.id)
    link = invitations.address(issuer, token)
    await send(tx, messages.INVITATION, to=number, key_of=person_id, expires_at=expires_at, place=place, link=link)
