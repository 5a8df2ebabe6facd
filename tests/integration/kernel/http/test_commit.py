"""An answer is sent only after the commit; what is not stored is never said to be (reliability.md, case 5)."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import func
from sqlmodel import col, select

from kernel.config import ProcessConfig
from kernel.ids import new_id
from kernel.org import grants
from kernel.testing.proxy import Proxy
from kernel.testing.service_client import TestTenant
from tests.integration.kernel.http.conftest import Desk, serving
from tests.integration.kernel.http.notes import PATH
from tests.integration.kernel.made_up import Note


async def notes_of(tenant: TestTenant) -> int:
    """How many notes are stored."""
    async with tenant.service.database.transaction(tenant.context()) as tx:
        return int((await tx.session.execute(select(func.count()).select_from(Note))).scalar_one())


@pytest.fixture
async def proxy(probe: ProcessConfig) -> AsyncIterator[Proxy]:
    server = urlsplit(probe.app_dsn.get_secret_value())
    async with Proxy.to(server.hostname or "", server.port or 5432) as made:
        yield made


@pytest.fixture
async def frail_desk(
    proxy: Proxy, probe: ProcessConfig, regulation: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A desk whose service reaches the database through the proxy."""
    # Grants are read in a transaction of their own; here the next commit is to be that of the request.
    monkeypatch.setattr(grants, "KEEP_SECONDS", 3600)
    dsn = SecretStr(proxy.through(probe.app_dsn.get_secret_value()))
    async with serving(probe.model_copy(update={"app_dsn": dsn})) as service:
        desk = await Desk.at(service, regulation)
        assert (await desk.tenant.get(desk.handler, PATH)).status_code == 200
        yield desk


async def test_a_commit_that_never_arrives_answers_503_and_leaves_nothing(proxy: Proxy, frail_desk: Desk) -> None:
    key = str(new_id())
    proxy.cut_at(b"COMMIT")
    lost = await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"}, key=key)
    assert proxy.cuts == 1
    assert lost.status_code == 503
    assert lost.headers["content-type"] == "application/problem+json"
    assert int(lost.headers["retry-after"]) >= 1
    assert "location" not in lost.headers
    assert lost.json()["type"] == "/problems/unavailable"
    assert await notes_of(frail_desk.tenant) == 0
    again = await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"}, key=key)
    assert again.status_code == 201
    assert "idempotency-replayed" not in again.headers
    assert await notes_of(frail_desk.tenant) == 1


async def test_a_commit_whose_confirmation_is_lost_answers_503_and_the_repetition_finds_it(
    proxy: Proxy, frail_desk: Desk
) -> None:
    key = str(new_id())
    proxy.cut_at(b"COMMIT", after=True)
    unknown = await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"}, key=key)
    assert (proxy.cuts, unknown.status_code) == (1, 503)
    again = await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"}, key=key)
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["cache-control"] == "no-store"
    assert await notes_of(frail_desk.tenant) == 1


async def test_every_line_cut_at_once_is_healed_by_the_next_request(proxy: Proxy, frail_desk: Desk) -> None:
    await proxy.cut()
    read = await frail_desk.tenant.get(frail_desk.handler, PATH)
    assert read.status_code == 200, read.text


async def test_a_server_that_is_down_answers_503(proxy: Proxy, frail_desk: Desk) -> None:
    proxy.refusing = True
    await proxy.cut()
    refused = await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"})
    assert refused.status_code == 503
    proxy.refusing = False
    assert (await frail_desk.tenant.post(frail_desk.handler, PATH, {"title": "first"})).status_code == 201


async def test_a_constraint_that_refuses_at_commit_answers_409_and_leaves_nothing(desk: Desk) -> None:
    key = str(new_id())
    refused = await desk.tenant.post(desk.handler, PATH, {"title": "first", "series_id": str(new_id())}, key=key)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/conflict"
    assert "probe_series" not in refused.text
    assert await notes_of(desk.tenant) == 0
    # The key was rolled back with the effect: it is free for a request that can succeed.
    assert (await desk.tenant.post(desk.handler, PATH, {"title": "first"}, key=key)).status_code == 201


async def test_a_note_is_stored_when_its_answer_is_seen(desk: Desk) -> None:
    made = await desk.tenant.post(desk.handler, PATH, {"title": "first"})
    assert made.status_code == 201
    assert made.headers["location"] == f"{PATH}/{made.json()['id']}"
    assert made.headers["etag"] == '"1"'
    async with desk.tenant.service.database.transaction(desk.tenant.context()) as tx:
        stored = await tx.session.execute(select(col(Note.title)).where(col(Note.id) == made.json()["id"]))
        assert stored.scalar_one() == "first"
