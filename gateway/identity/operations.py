"""Operations of identity that are called with a token: administrators give users a way in, and settle lost factors."""

from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import Request
from pydantic import Field, SecretStr

from gateway.directory import queries as directory
from gateway.directory.tables import User
from gateway.identity import actions, permissions, rules
from gateway.identity.factors import removal
from gateway.identity.factors.schemas import RemovalAsk, RemovalDecision, RemovalView, SettingChange, SettingView
from gateway.identity.invitations import actions as invitations
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.router import Router, Tx
from kernel.http.schema import Body, Page, View

router = Router(service="directory", tag="directory")


class PasswordSet(Body):
    """The password; the user changes it after the first sign-in."""

    password: SecretStr = Field(max_length=rules.PASSWORD_LENGTH[1])


class InvitationView(View):
    """A one-time link, shown once: whoever opens it before `expires_at` sets the user's password."""

    link: str
    expires_at: datetime


# No Idempotency-Key: setting the same password again changes nothing that matters.
@router.post("/users/{user_id}/password", permission=permissions.PASSWORD_SET, status_code=204)
async def set_password(request: Request, tx: Tx, user_id: UUID, body: PasswordSet) -> None:
    """Give a user in one's own units a password, to be changed at the first sign-in. All sign-ins under the old one
    end, and every edge knows before the answer."""
    user = await _user(tx, user_id)
    password = body.password.get_secret_value()
    revoked = await actions.set_password(tx, user_id, password, user_name=user.user_name, must_change=True)
    tx.after_commit.append(partial(request.app.state.identity.tell, revoked))


# No Idempotency-Key: the answer holds a secret that is kept nowhere; asked again, the link before ends.
@router.post("/users/{user_id}/invitation", permission=permissions.INVITE, status_code=201)
async def invite_user(request: Request, tx: Tx, user_id: UUID) -> InvitationView:
    """A one-time link for a user in one's own units, good for 24 hours; an earlier one ends."""
    await _user(tx, user_id)
    token, expires_at = await invitations.invite(tx, user_id)
    return InvitationView(link=invitations.address(request.app.state.config.issuer, token), expires_at=expires_at)


@router.post(
    "/users/{user_id}/second-factor-removals",
    permission=permissions.FACTOR_ASK,
    creates=True,
    status_code=201,
    problems=[RuleRefused, WrongState],
)
async def ask_factor_removal(tx: Tx, user_id: UUID, body: RemovalAsk) -> RemovalView:
    """Ask that a user's lost second factor be removed; another administrator decides."""
    return await removal.ask(tx, user_id, body)


@router.get("/second-factor-removals", permission=permissions.FACTOR_REMOVE)
async def list_factor_removals(tx: Tx) -> Page[RemovalView]:
    """The requests that wait for a second administrator."""
    return Page(items=await removal.waiting(tx), next=None)


@router.patch(
    "/second-factor-removals/{removal_id}", permission=permissions.FACTOR_REMOVE, problems=[RuleRefused, WrongState]
)
async def decide_factor_removal(
    request: Request, tx: Tx, removal_id: UUID, body: RemovalDecision, version: IfMatch
) -> RemovalView:
    """Remove a user's second factor, or refuse to; every sign-in of the user has ended before the answer."""
    view, revoked = await removal.decide(tx, removal_id, body, version)
    tx.after_commit.append(partial(request.app.state.identity.tell, revoked))
    return view


@router.get("/sign-in-setting", permission=permissions.SETTING_READ)
async def get_sign_in_setting(tx: Tx) -> SettingView:
    """Who signs in with a second factor."""
    return await removal.setting(tx)


@router.put("/sign-in-setting", permission=permissions.SETTING_WRITE)
async def set_sign_in_setting(tx: Tx, body: SettingChange, version: IfMatch) -> SettingView:
    """Set who signs in with a second factor; version 0 where it was never set."""
    return await removal.change_setting(tx, body, version)


async def _user(tx: Transaction, user_id: UUID) -> User:
    user = await directory.user_in_care(tx, user_id)
    if user is None:
        raise NotFound
    return user
