"""Operations of identity that are called with a token: an administrator gives a user a first or another password."""

from functools import partial
from uuid import UUID

from fastapi import Request
from pydantic import Field, SecretStr

from gateway.directory import queries as directory
from gateway.identity import actions, permissions, rules
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.router import Router, Tx
from kernel.http.schema import Body

router = Router(service="directory", tag="directory")


class PasswordSet(Body):
    """The password; the user changes it after the first sign-in."""

    password: SecretStr = Field(max_length=rules.PASSWORD_LENGTH[1])


# No Idempotency-Key: setting the same password again changes nothing that matters.
@router.post("/users/{user_id}/password", permission=permissions.PASSWORD_SET, status_code=204)
async def set_password(request: Request, tx: Tx, user_id: UUID, body: PasswordSet) -> None:
    """Give a user in one's own units a password. All sign-ins under the old one end, and every edge knows before the
    answer."""
    user = await _user(tx, user_id)
    revoked = await actions.set_password(tx, user_id, body.password.get_secret_value(), user_name=user)
    tx.after_commit.append(partial(request.app.state.identity.tell, revoked))


async def _user(tx: Transaction, user_id: UUID) -> str:
    user = await directory.user_in_care(tx, user_id)
    if user is None:
        raise NotFound
    return user.user_name
