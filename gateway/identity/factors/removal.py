"""A lost second factor is removed by two administrators: one asks, another decides; neither is its user."""

from typing import NoReturn
from uuid import UUID

from gateway.directory import queries as directory
from gateway.identity import queries as rows
from gateway.identity import rules
from gateway.identity.factors import queries
from gateway.identity.factors.schemas import RemovalAsk, RemovalDecision, RemovalView, SettingChange, SettingView
from gateway.identity.factors.tables import FactorRemoval
from gateway.identity.oauth.flow import revoke_families
from gateway.identity.schemas import Revocation
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import NotFound, RuleRefused, Text, WrongState
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.ids import new_id

APART = "GB/T 22239-2019 8.1.5"


async def ask(tx: Transaction, user_id: UUID, wish: RemovalAsk) -> RemovalView:
    """The first step. Raises `NotFound` for a user out of scope, `WrongState` where there is nothing to remove or
    another request waits."""
    asked_by = _administrator(tx)
    await _in_care(tx, user_id, asked_by)
    waiting = await queries.open_removal(tx, user_id)
    if waiting is not None and waiting.asked_at > utcnow() - rules.REMOVAL_LIFETIME:
        raise WrongState(Text("该用户已有待办的申请", "A request for this user waits already."))
    if waiting is not None:
        waiting.state = "expired"
        waiting.version += 1
        await tx.session.flush()
    if not (await queries.standing(tx, user_id))[2]:
        raise WrongState(Text("该用户未启用第二步验证", "This user has no second factor."))
    row = FactorRemoval(tenant_id=tx.tenant, id=new_id(), user_id=user_id, reason=wish.reason, asked_by=asked_by)
    tx.session.add(row)
    await tx.session.flush()
    await tx.session.refresh(row)
    await audit(
        tx,
        "identity.second_factor_removal_asked",
        subject_type="user",
        subject_id=user_id,
        reason=wish.reason,
        facts={"removal": str(row.id)},
    )
    return RemovalView.model_validate(row)


async def decide(
    tx: Transaction, removal_id: UUID, decision: RemovalDecision, version: int
) -> tuple[RemovalView, list[Revocation]]:
    """The second step, by another administrator than the first. Removing ends every sign-in of the user.

    Raises `NotFound`, `RuleRefused` for the one who asked or the user themselves, `WrongState` when it is decided.
    """
    decided_by = _administrator(tx)
    row = await queries.lock_removal(tx, removal_id)
    await _in_care(tx, row.user_id, decided_by)
    check_version(row.version, version)
    if row.state != "asked" or row.asked_at <= utcnow() - rules.REMOVAL_LIFETIME:
        raise WrongState(Text("该申请已办结或已过期", "This request is decided, or waited too long."))
    if row.asked_by == decided_by:
        _apart("须由另一名管理员核准", "Another administrator than the one who asked decides.")
    row.state = "done" if decision.action == "remove" else "refused"
    row.decided_by, row.decided_at = decided_by, utcnow()
    row.version += 1
    await tx.session.flush()
    revoked: list[Revocation] = []
    if row.state == "done":
        await queries.drop_totp(tx, row.user_id)
        await tx.session.run_sync(rows.drop_sessions_of, row.user_id)
        revoked = await tx.session.run_sync(
            revoke_families, tx.tenant, rows.by_user(row.user_id), "second_factor_removed", utcnow()
        )
    await audit(
        tx,
        f"identity.second_factor_removal_{row.state}",
        subject_type="user",
        subject_id=row.user_id,
        facts={"removal": str(row.id)},
    )
    return RemovalView.model_validate(row), revoked


async def waiting(tx: Transaction) -> list[RemovalView]:
    """The requests that wait for a second administrator, of users in the asker's care."""
    found = await queries.removals(tx, utcnow() - rules.REMOVAL_LIFETIME)
    return [
        RemovalView.model_validate(row) for row in found if await directory.user_in_care(tx, row.user_id) is not None
    ]


async def setting(tx: Transaction) -> SettingView:
    """Who signs in with a second factor."""
    row = await queries.setting_row(tx)
    return SettingView.model_validate(row) if row else SettingView(second_factor="offered", version=0)


async def change_setting(tx: Transaction, wish: SettingChange, version: int) -> SettingView:
    """Set it; who lacks a second factor is asked to set one up at the next sign-in."""
    row = await queries.setting_row(tx, lock=True)
    check_version(row.version if row else 0, version)
    changed = await queries.write_setting(tx, wish.second_factor, version + 1)
    await audit(
        tx,
        "identity.setting_changed",
        subject_type="tenant",
        subject_id=tx.tenant,
        facts={"second_factor": wish.second_factor},
    )
    return SettingView.model_validate(changed)


async def require_second_factor(tx: Transaction) -> None:
    """What a tenant begins with that is made in earnest: every official signs in with a second factor."""
    await queries.write_setting(tx, "officials", 1)


def _administrator(tx: Transaction) -> UUID:
    user = tx.context.actor.user
    if user is None:
        # An application in its own name is nobody who could be told from another.
        raise NotFound
    return user


async def _in_care(tx: Transaction, user_id: UUID, administrator: UUID) -> None:
    if await directory.user_in_care(tx, user_id) is None:
        raise NotFound
    if user_id == administrator:
        _apart("不得为本人办理", "Nobody does this for themselves.")


def _apart(zh: str, en: str) -> NoReturn:
    raise RuleRefused(Text(zh, en), article=APART)
