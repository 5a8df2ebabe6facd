"""Every query repeats the bounds of its context: tenant and, where rows belong to units, the scope.

Row-level security hides the same rows already. Repeated in the query they let the planner use the tenant's and the
unit's index at every width, and they still refuse on a table whose policies somebody took down by mistake.
"""

import functools
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from kernel.context import EVERYTHING, Context, Scope, TenantId
from kernel.db.table import Rls, TenantTable

_CONTEXT = "kernel.db.bounds"
KEPT = 8_192
"""Bounds kept, by table, tenant and scope: making them costs more than a short query."""


class BoundedSession(Session):
    """The session of a transaction; `stand_under` says whose rows it may name."""


def stand_under(session: Session, context: Context) -> None:
    """From here on the session's queries carry the bounds of this context."""
    session.info[_CONTEXT] = context


def context_of(session: Session) -> Context | None:
    """The context under which the session stands."""
    context: Context | None = session.info.get(_CONTEXT)
    return context


@event.listens_for(BoundedSession, "do_orm_execute")
def _repeat(state: ORMExecuteState) -> None:
    context = context_of(state.session)
    if context is None or state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, TenantTable):
            state.statement = state.statement.options(_of(mapper.class_, context))


def scope_of(context: Context) -> Scope:
    """The scope that queries repeat: persons and the public see what is their own or published, which the policies
    alone tell."""
    return EVERYTHING if context.actor.kind == "person" or context.scope.lo > context.scope.hi else context.scope


def _of(kind: type[TenantTable], context: Context) -> Any:
    rls: Rls = kind.__rls__
    return _bounds(kind, context.tenant, None if rls.unit is None else scope_of(context))


@functools.lru_cache(maxsize=KEPT)
def _bounds(kind: type[TenantTable], tenant: TenantId, scope: Scope | None) -> Any:
    table: Any = kind
    condition = table.tenant_id == tenant
    if scope is not None:
        condition &= getattr(table, kind.__rls__.unit or "").between(scope.lo, scope.hi)
    return with_loader_criteria(kind, condition)
