"""What is wrong in a catalogue, table by table: asked of PostgreSQL, compared with what the tables declare."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from kernel.db.table import TenantTable, number_columns

TABLES = """
select c.oid, c.relname as name, c.relkind::text as kind, c.relispartition as part, c.relrowsecurity as enabled,
       c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
       coalesce('security_invoker=true' = any(c.reloptions), false) as invoker
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by c.relname
"""
POLICIES = """
select c.relname as table, p.polname as name, p.polpermissive as permissive, p.polcmd::text as command,
       array(select case r when 0 then 'PUBLIC' else pg_get_userbyid(r) end from unnest(p.polroles) r) as roles,
       pg_get_expr(p.polqual, p.polrelid) as qual, pg_get_expr(p.polwithcheck, p.polrelid) as checked
  from pg_policy p join pg_class c on c.oid = p.polrelid
"""
KEYS = """
select c.relname as table, k.conname as name, k.contype::text as type,
       (select attname::text from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]) as first,
       (select attname::text from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1]) as target
  from pg_constraint k join pg_class c on c.oid = k.conrelid
 where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'x')
union all
select c.relname, i.indexrelid::regclass::text, 'unique index',
       (select attname::text from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]), null
  from pg_index i join pg_class c on c.oid = i.indrelid
 where i.indisunique and c.relnamespace = 'public'::regnamespace
"""
LED = """
select c.relname as table,
       (select array_agg(a.attname::text order by k.n) from unnest(i.indkey[0:1]) with ordinality k(attnum, n)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum) as first
  from pg_index i join pg_class c on c.oid = i.indrelid
 where i.indisvalid and i.indpred is null and c.relnamespace = 'public'::regnamespace
"""
GRANTS = """
select c.relname as name, case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee) end as role,
       lower(a.privilege_type) as privilege, a.is_grantable as grantable
  from pg_class c cross join lateral aclexplode(c.relacl) a
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select c.relname, case a.grantee when 0 then 'PUBLIC' else pg_get_userbyid(a.grantee) end,
       lower(a.privilege_type) || ' on column ' || t.attname, a.is_grantable
  from pg_attribute t join pg_class c on c.oid = t.attrelid cross join lateral aclexplode(t.attacl) a
 where c.relnamespace = 'public'::regnamespace
"""
FUNCTIONS = """
select p.proname as name from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.prosecdef
   and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')
"""
DEFAULTS = "select count(*) from pg_default_acl"
ROLE = """
select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as strong,
       array(select pg_get_userbyid(roleid) from pg_auth_members where member = r.oid) as member_of,
       (select count(*) from pg_class where relowner = r.oid) as owned,
       has_schema_privilege(r.oid, 'public', 'create') as creates
  from pg_roles r where rolname = $1
"""
OUTSIDE = "alembic_version"
"""Alembic's own table: no tenant's, and nobody's but the owner's."""


async def faults(connection: asyncpg.Connection, process: str, known: Mapping[str, type[TenantTable]]) -> list[str]:
    """Every hole in the walls of a process's database, in words; `known` is what the process declares."""
    owner, app, relay = (f"shegong_{process}_{role}" for role in ("owner", "app", "relay"))
    tables = await connection.fetch(TABLES)
    found: list[str] = []
    for table in tables:
        found.extend(_of_table(table, known, owner))
    policies: dict[str, list[asyncpg.Record]] = {}
    for policy in await connection.fetch(POLICIES):
        policies.setdefault(policy["table"], []).append(policy)
    for table in tables:
        if table["kind"] in "rp" and table["name"] != OUTSIDE:
            found.extend(_of_policies(table, policies.get(table["name"], []), owner, app, relay))
    parts = {table["name"] for table in tables if table["part"]}
    for key in await connection.fetch(KEYS):
        if key["table"] != OUTSIDE and (key["first"] != "tenant_id" or key["target"] not in (None, "tenant_id")):
            found.append(f"{key['table']}: {key['name']} does not lead with tenant_id")
    led = {(index["table"], *(index["first"] or ())) for index in await connection.fetch(LED)}
    there = {table["name"] for table in tables}
    found.extend(
        f"{name}: no index leads with tenant_id, {kind.__rls__.unit}"
        for name, kind in known.items()
        if kind.__rls__.unit and name in there and (name, "tenant_id", kind.__rls__.unit) not in led
    )
    found.extend(await _of_grants(connection, known, parts, owner, app, relay))
    for function in await connection.fetch(FUNCTIONS):
        found.append(f"function {function['name']}: security definer without search_path")
    if await connection.fetchval(DEFAULTS):
        found.append("default privileges are set: new tables would be granted by themselves")
    for role in (app, relay):
        about = await connection.fetchrow(ROLE, role)
        if about["strong"] or about["member_of"] or about["owned"] or about["creates"]:
            found.append(f"role {role} is strong, a member of another, owns or may make something")
    return found


def _of_table(table: asyncpg.Record, known: Mapping[str, type[TenantTable]], owner: str) -> list[str]:
    name, kind = table["name"], table["kind"]
    if kind == "v":
        return [] if table["invoker"] else [f"view {name}: without security_invoker"]
    if kind in ("m", "f"):
        return [f"{name}: a materialized view or foreign table knows no row-level security"]
    found = [] if table["owner"] == owner else [f"{name}: owned by {table['owner']}"]
    if name == OUTSIDE:
        return found
    if not (table["enabled"] and table["forced"]):
        found.append(f"{name}: row-level security is not forced")
    if not table["part"] and name not in known:
        found.append(f"{name}: no class declares it")
    return found


def _of_policies(table: asyncpg.Record, policies: list[asyncpg.Record], owner: str, app: str, relay: str) -> list[str]:
    name = table["name"]
    found = [
        f"{name}: policy {policy['name']} is for {', '.join(policy['roles'])}"
        for policy in policies
        if not set(policy["roles"]) <= {owner, app, relay} or len(policy["roles"]) != 1
    ]
    of_app = [policy for policy in policies if app in policy["roles"]]
    if table["part"]:
        return found + [f"{name}: a partition has policies for the app role" for _ in of_app[:1]]
    walls = [policy for policy in of_app if not policy["permissive"] and policy["command"] == "*"]
    if not any(_compares_tenant(wall["qual"]) and _compares_tenant(wall["checked"]) for wall in walls):
        found.append(f"{name}: no restrictive tenant policy")
    if not any(p["permissive"] and p["command"] == "*" and p["qual"] and p["checked"] for p in of_app):
        found.append(f"{name}: no permissive policy")
    found.extend(
        f"{name}: policy {policy['name']} permits more than reading"
        for policy in of_app
        if policy["permissive"] and policy["name"] != "scope" and policy["command"] != "r"
    )
    return found


def _compares_tenant(expression: str | None) -> bool:
    return expression is not None and expression.startswith("(tenant_id = ") and "'app.tenant'" in expression


async def _of_grants(
    connection: asyncpg.Connection,
    known: Mapping[str, type[TenantTable]],
    parts: set[str],
    owner: str,
    app: str,
    relay: str,
) -> list[str]:
    held: dict[tuple[str, str], set[str]] = {}
    for grant in await connection.fetch(GRANTS):
        if grant["role"] != owner:
            word = grant["privilege"] + (" with grant option" if grant["grantable"] else "")
            held.setdefault((grant["name"], grant["role"]), set()).add(word)
    wanted: dict[tuple[str, str], set[str]] = {}
    for name, kind in known.items():
        for role, commands in ((app, kind.__rls__.app), (relay, kind.__rls__.relay)):
            if commands:
                wanted[name, role] = {command.strip() for command in commands.split(",")}
        if "update" not in kind.__rls__.app:
            # Numbers of units follow a reorganisation, also where rows are only added (decision 0014).
            numbers = {f"update on column {column}" for column in number_columns(kind)}
            wanted.setdefault((name, app), set()).update(numbers)
    there = {row["name"] for row in await connection.fetch(TABLES)}
    found = [f"{name}: declared, but not in the database" for name in known if name not in there]
    for key in sorted(held.keys() | {key for key in wanted if key[0] in there}):
        name, role = key
        has, should = held.get(key, set()), set() if name in parts else wanted.get(key, set())
        if has != should:
            found.append(f"{name}: {role} holds {_words(has)}, declared {_words(should)}")
    return found


def _words(privileges: set[str]) -> Any:
    return ", ".join(sorted(privileges)) or "nothing"
