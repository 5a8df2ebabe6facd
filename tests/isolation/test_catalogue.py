"""The walls of all five databases as migrated, and that each kind of hole in them is seen (reliability.md, case 16)."""

from collections.abc import Mapping

import pytest

from tests.isolation.catalogue import faults
from tests.isolation.conftest import Isolated

WALLED = (
    "create table forgotten (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id));"
    " alter table forgotten owner to shegong_recruitment_owner;"
    " alter table forgotten enable row level security; alter table forgotten force row level security;"
    " create policy tenant_wall on forgotten as restrictive to shegong_recruitment_app"
    "   using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))"
    "   with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));"
    " create policy scope on forgotten to shegong_recruitment_app using (true) with check (true);"
)
HOLES = {
    "a table without walls": (
        "create table forgotten (tenant_id uuid primary key)",
        "row-level security is not forced",
    ),
    "not forced": (f"{WALLED} alter table forgotten no force row level security", "row-level security is not forced"),
    "undeclared": (WALLED, "forgotten: no class declares it"),
    "no tenant policy": (f"{WALLED} drop policy tenant_wall on forgotten", "no restrictive tenant policy"),
    "a permissive tenant policy": (
        f"{WALLED} drop policy tenant_wall on forgotten; create policy tenant_wall on forgotten"
        " to shegong_recruitment_app using (tenant_id = (select current_setting('app.tenant')::uuid))",
        "no restrictive tenant policy",
    ),
    "no permissive policy": (f"{WALLED} drop policy scope on forgotten", "no permissive policy"),
    "a policy for everybody": (
        "create policy open on recruitment_plan using (true)",
        "recruitment_plan: policy open is for PUBLIC",
    ),
    "a second permissive policy": (
        "create policy wide on recruitment_plan to shegong_recruitment_app using (true)",
        "recruitment_plan: policy wide permits more than reading",
    ),
    "a key without tenant": (f"{WALLED} alter table forgotten add unique (id)", "forgotten_id_key does not lead"),
    "a unique index without tenant": (
        "create unique index quick on recruitment_plan (id)",
        "quick does not lead with tenant_id",
    ),
    "a foreign key without tenant": (
        f"{WALLED} create unique index unled on recruitment_plan (id);"
        " alter table forgotten add constraint outside foreign key (id) references recruitment_plan (id)",
        "forgotten: outside does not lead with tenant_id",
    ),
    "no index by unit": ("drop index recruitment_exam_tenant_id_unit_no_ix", "recruitment_exam: no index leads"),
    "an index by unit of some rows": (
        "drop index recruitment_exam_tenant_id_unit_no_ix;"
        " create index partly on recruitment_exam (tenant_id, unit_no) where unit_no > 0",
        "recruitment_exam: no index leads",
    ),
    "truncate": ("grant truncate on recruitment_plan to shegong_recruitment_app", "truncate"),
    "trigger": ("grant trigger on recruitment_plan to shegong_recruitment_app", "trigger"),
    "references": ("grant references on recruitment_plan to public", "PUBLIC holds references"),
    "maintain": ("grant maintain on recruitment_plan to shegong_recruitment_app", "maintain"),
    "more than declared": ("grant delete on k_outbox to shegong_recruitment_app", "k_outbox: shegong_recruitment_app"),
    "a grant on a column": (
        "grant update (data) on k_outbox to shegong_recruitment_app",
        "update on column data",
    ),
    "a grant with grant option": (
        "grant select on recruitment_plan to shegong_recruitment_app with grant option",
        "select with grant option",
    ),
    "a partition that can be reached": (
        "do $$ declare part text; begin"
        " select inhrelid::regclass into part from pg_inherits where inhparent = 'k_outbox_archive'::regclass limit 1;"
        " execute format('grant select on %s to shegong_recruitment_app', part); end $$",
        "shegong_recruitment_app holds select, declared nothing",
    ),
    "a partition without walls": (
        "create table k_outbox_archive_old partition of k_outbox_archive"
        " for values from ('2001-01-01') to ('2001-02-01')",
        "k_outbox_archive_old: row-level security is not forced",
    ),
    "a view": ("create view every_plan as select * from recruitment_plan", "view every_plan: without security_invoker"),
    "a materialized view": ("create materialized view kept as select 1 as one", "kept: a materialized view"),
    "security definer": (
        "create function strong() returns int language sql security definer as 'select 1'",
        "function strong: security definer without search_path",
    ),
    "default privileges": (
        "alter default privileges in schema public grant select on tables to shegong_recruitment_app",
        "default privileges",
    ),
    "a member of the owner": (
        "grant shegong_recruitment_owner to shegong_recruitment_app",
        "role shegong_recruitment_app is strong",
    ),
    "the migrations' table": ("grant select on alembic_version to shegong_recruitment_app", "alembic_version"),
}


async def test_no_hole_is_in_the_walls(house: Isolated) -> None:
    async with house.connected("app") as connection:
        assert await connection.fetchval("select current_user") == f"shegong_{house.process}_app"
        assert await faults(connection, house.process, house.declared()) == []


async def test_every_declared_table_is_there(house: Isolated) -> None:
    async with house.connected("app") as connection:
        there = {
            row[0]
            for row in await connection.fetch("select tablename::text from pg_tables where schemaname = 'public'")
        }
    assert len(house.declared()) >= 10
    assert set(house.declared()) <= there


@pytest.mark.parametrize("name", HOLES)
async def test_each_kind_of_hole_is_seen(isolated: Mapping[str, Isolated], name: str) -> None:
    make, words = HOLES[name]
    async with isolated["recruitment"].connected("superuser") as connection:
        scratch = connection.transaction()
        await scratch.start()
        try:
            await connection.execute(make)
            found = await faults(connection, "recruitment", isolated["recruitment"].declared())
        finally:
            await scratch.rollback()
    assert any(words in fault for fault in found), found


async def test_partitions_cannot_be_reached_past_their_parent(house: Isolated) -> None:
    async with house.connected("app") as connection:
        parts = await connection.fetch(
            "select oid::regclass::text as name from pg_class where relispartition and relkind = 'r'"
        )
        assert parts
        for part in parts:
            for privilege in ("select", "insert", "update", "delete"):
                assert not await connection.fetchval(
                    "select has_table_privilege($1::text, $2)", part["name"], privilege
                )


async def test_the_database_keeps_its_rules_of_text_and_time(house: Isolated) -> None:
    async with house.connected("app") as connection:
        about = await connection.fetchrow(
            "select datlocprovider::text as provider, datlocale as locale,"
            " has_database_privilege('public', datname, 'connect') as anybody"
            " from pg_database where datname = current_database()"
        )
    assert tuple(about) == ("b", "C.UTF-8", False)
