"""Hot read by id and hot create with outbox: over HTTP from the service, beside pgbench doing the same trips."""

import asyncio
import tempfile
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import msgspec

from bench.edge.servers import absent
from bench.platform import Platform, Run
from bench.platform.pressure import CLIENTS, pgbench, wrk
from bench.platform.settling import settle
from bench.table import Outcome, Spread, Target
from deploy.cli.generation.filling import enter
from kernel.events.audit import AuditRecorded
from services.roster.permissions import DOSSIER_READ
from services.training.permissions import SESSION_WRITE

READ, CREATE = 0.4, 0.5
"""Targets of performance.md: requests over HTTP to transactions of pgbench."""
SAMPLE = 64
_ENTER = (
    "select set_config('app.tenant', '{tenant}', true), set_config('app.lo', '0', true),"
    " set_config('app.hi', '2147483647', true), set_config('app.person', '', true);"
)
_READ = """\\set place random(1, {count})
begin;
{enter}
select id, unit_no, person_id, full_name, category, post_title, community_unit_id, employer_unit_id, payer_unit_id,
 manager_unit_id, user_unit_id, application_id, enrolled_on, on_duty_from, left_on, pack_id, pack_version, version
 from roster_dossier where tenant_id = '{tenant}' and id = ('{{{ids}}}'::uuid[])[:place];
commit;
"""
_CREATE = """begin;
{enter}
insert into training_session (tenant_id, id, unit_no, organiser_unit_id, title, form, starts_at, ends_at,
 class_hours, round, version)
 values ('{tenant}', gen_random_uuid(), {unit_no}, '{unit}', '{title}', 'off_job', now(), now(), 4, false, 1);
insert into k_outbox (tenant_id, id, aggregate_type, aggregate_id, event, event_version, data, business_time,
 request_id) values ('{tenant}', gen_random_uuid(), 'audit', '{tenant}', 'recorded', 1,
 convert_from(decode('{data}', 'base64'), 'UTF8')::jsonb, now(), 'bench');
commit;
"""
TITLE = "社区工作者培训"


def run(asked: Run) -> Outcome:
    """Measure both, turn about with their limits."""
    if missing := absent():
        return Outcome("hot", missing=missing)
    platform = asked.platform
    ids, unit, unit_no = asyncio.run(_sample(platform))
    read, create = list[tuple[float, float]](), list[tuple[float, float]]()
    with tempfile.TemporaryDirectory(prefix="bench-hot-") as name:
        room = Path(name)
        for number in range(-1, asked.rounds):
            settle(platform, "training")  # of the rows that the round before made
            one = _read(platform, room, ids, asked.seconds)
            other = _create(platform, room, unit, unit_no, asked.seconds)
            if number >= 0:  # the round before the first warms up
                read.append(one)
                create.append(other)
    outcome = Outcome("hot", ("a second, over HTTP", "a second, pgbench", "ratio"), facts={"clients": CLIENTS})
    for what, pairs, least in (
        ("hot read by id over HTTP, to pgbench with the same four trips", read, READ),
        ("hot create with outbox over HTTP, to pgbench with the same five trips", create, CREATE),
    ):
        ours, limit = Spread.of([pair[0] for pair in pairs]), Spread.of([pair[1] for pair in pairs])
        ratio = Spread.of([pair[0] / pair[1] for pair in pairs])
        outcome.rows.append((what, [ours, limit, ratio]))
        outcome.targets.append(Target(what, ratio, least, ours=ours, beside=limit))
    return outcome


async def _sample(platform: Platform) -> tuple[list[str], str, int]:
    connection = await asyncpg.connect(platform.config("roster").app_dsn.get_secret_value())
    try:
        async with connection.transaction():
            await enter(connection, platform.tenant)
            ids = await connection.fetch("select id from roster_dossier order by random() limit $1", SAMPLE)
            unit = await connection.fetchrow("select id, unit_no from k_org_unit order by unit_no limit 1")
    finally:
        await connection.close()
    return [str(row["id"]) for row in ids], str(unit["id"]), int(unit["unit_no"])


def _read(platform: Platform, room: Path, ids: list[str], seconds: float) -> tuple[float, float]:
    config = platform.config("roster")
    paths = [f"/api/v1/roster/dossiers/{each}" for each in ids]
    requests = [(path, platform.principal("roster", "GET", path, DOSSIER_READ.name)) for path in paths]
    ours = wrk(room, f"http://127.0.0.1:{config.listen_port}", requests, seconds)
    tenant = platform.tenant
    script = _READ.format(count=len(ids), ids=",".join(ids), tenant=tenant, enter=_ENTER.format(tenant=tenant))
    return ours, pgbench(room, config.app_dsn.get_secret_value(), script, seconds)


def _create(platform: Platform, room: Path, unit: str, unit_no: int, seconds: float) -> tuple[float, float]:
    config, tenant = platform.config("training"), platform.tenant
    path = "/api/v1/training/sessions"
    body = {
        "title": TITLE,
        "form": "off_job",
        "starts_at": "2025-05-12T01:00:00Z",
        "ends_at": "2025-05-12T09:00:00Z",
        "class_hours": "4",
        "organiser_unit_id": unit,
    }
    requests = [(path, platform.principal("training", "POST", path, SESSION_WRITE.name))]
    address = f"http://127.0.0.1:{config.listen_port}"
    ours = wrk(room, address, requests, seconds, body=body, key=uuid4().hex)
    settle(platform, "training")
    now = datetime.now(UTC).isoformat()
    entry = AuditRecorded(
        action=SESSION_WRITE.name,
        subject_type="session",
        subject_id=unit,
        reason=None,
        facts={"form": "off_job", "class_hours": "4", "organiser_unit_id": unit},
        actor_kind="official",
        user_id=unit,
        post_id=unit,
        person_id=None,
        client_id=None,
        unit_no=unit_no,
        request_id="bench",
        address=None,
        occurred_at=now,
        business_time=now,
    )
    script = _CREATE.format(
        tenant=tenant,
        enter=_ENTER.format(tenant=tenant),
        unit=unit,
        unit_no=unit_no,
        title=TITLE,
        data=b64encode(msgspec.json.encode(entry)).decode(),  # a colon would begin a variable
    )
    return ours, pgbench(room, config.app_dsn.get_secret_value(), script, seconds)
