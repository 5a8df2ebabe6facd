"""One template gives every table its walls: forced row-level security, grants, temporal constraints.

The statements made here are written into migrations as plain SQL, so an old migration never changes when the
template does. The fingerprint of what a table carries is kept as its comment; `alembic check` compares it.
"""

import hashlib
from collections.abc import Sequence

from kernel.db.table import CoveredBy, Rls, TenantTable, UniquePeriods, number_columns

TENANT = "(select nullif(current_setting('app.tenant', true), '')::uuid)"
LO = "(select nullif(current_setting('app.lo', true), '')::integer)"
HI = "(select nullif(current_setting('app.hi', true), '')::integer)"
PERSON = "(select nullif(current_setting('app.person', true), '')::uuid)"


def roles(process: str) -> tuple[str, str, str]:
    """Names of the owner, app and relay roles of a process's database."""
    return f"shegong_{process}_owner", f"shegong_{process}_app", f"shegong_{process}_relay"


def scope_condition(rls: Rls) -> str:
    """The opaque CASE of the scope policy.

    CASE, not OR: with OR the planner leaves the unit index and a list of 50 takes a hundred times as long.
    A table without unit still hides its rows from those whose scope is empty (persons, the public), unless it
    is shared by the whole tenant.
    """
    if rls.unit is None and rls.person is None:
        return "true"
    inside = f"{rls.unit} between {LO} and {HI}" if rls.unit else f"{LO} <= {HI}"
    own = f"{rls.person} = {PERSON}" if rls.person else "false"
    return f"case when {PERSON} is null then {inside} else {own} end"


def walls(
    table: str,
    rls: Rls,
    process: str,
    temporal: Sequence[UniquePeriods | CoveredBy] = (),
    numbers: Sequence[str] = (),
) -> list[str]:
    """All statements that put up (or put up again) the walls of one table. Safe to run on a table that has them.

    numbers: the columns of unit numbers. Also where rows are only added, these follow a reorganisation, so the app
    role may write them and nothing else of a row.
    """
    owner, app, relay = roles(process)
    made = [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"revoke all on {table} from public, {app}, {relay}",
        f"grant {rls.app} on {table} to {app}",
    ]
    if numbers and "update" not in rls.app:
        made.append(f"grant update ({', '.join(numbers)}) on {table} to {app}")
    policies = {
        "owner_all": f"for all to {owner} using (true) with check (true)",
        "tenant_wall": f"as restrictive for all to {app} using (tenant_id = {TENANT})"
        f" with check (tenant_id = {TENANT})",
        "scope": f"for all to {app} using ({scope_condition(rls)}) with check ({scope_condition(rls)})",
    }
    if rls.published:
        policies["published"] = (
            f"for select to {app} using (({rls.published}) and ({PERSON} is not null or {LO} > {HI}))"
        )
    if rls.relay:
        made.append(f"grant {rls.relay} on {table} to {relay}")
        policies["relay_all"] = f"for all to {relay} using (true) with check (true)"
    for name in ("owner_all", "tenant_wall", "scope", "published", "relay_all"):
        made.append(f"drop policy if exists {name} on {table}")
    made.extend(f"create policy {name} on {table} {body}" for name, body in policies.items())
    for item in temporal:
        made.extend(temporal_constraint(table, item))
    made.append(f"comment on table {table} is '{fingerprint(made)}'")
    return made


def temporal_constraint(table: str, item: UniquePeriods | CoveredBy) -> list[str]:
    """The statements of one temporal constraint. Foreign ones are deferred: periods are rewritten in steps."""
    key = ", ".join(("tenant_id", *item.key))
    if isinstance(item, UniquePeriods):
        name = f"{table}_{'_'.join(item.key)}_periods"
        body = f"unique ({key}, {item.period} without overlaps)"
    else:
        name = f"{table}_{'_'.join(item.key)}_covered"
        target = ", ".join(("tenant_id", *item.table_key))
        body = (
            f"foreign key ({key}, period {item.period})"
            f" references {item.table} ({target}, period {item.table_period})"
            " deferrable initially deferred"
        )
    return [
        f"alter table {table} drop constraint if exists {name}",
        f"alter table {table} add constraint {name} {body}",
    ]


def fingerprint(statements: Sequence[str]) -> str:
    """What is kept as the table's comment, to see whether the walls are those of the model."""
    return "walls " + hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]


def walls_of(kind: type[TenantTable], process: str) -> list[str]:
    """The statements for one table class in one process's database."""
    return walls(str(kind.__tablename__), kind.__rls__, process, kind.__temporal__, number_columns(kind))
