"""Addresses of front-end apps over HTTP: who maintains them, what is refused, secrets that are shown once."""

from typing import Any

import pytest
from sqlalchemy import text

from gateway.webhooks import actions
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town, until

PATH = "/api/v1/webhooks/endpoints"
NEWS = ["recruitment.notice.published"]


@pytest.fixture
async def made(town: Town, client_id: str) -> dict[str, Any]:
    answer = await town.tenant.post(
        town.system, PATH, {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS}
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
    return dict(answer.json())


async def test_the_secret_is_shown_once_and_stored_wrapped(
    gateway: ServiceUnderTest, town: Town, made: dict[str, Any]
) -> None:
    assert made["secret"].startswith("whsec_")
    shown = (await town.tenant.get(town.system, f"{PATH}/{made['id']}")).json()
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert (shown["state"], shown["events"], shown["previous_until"]) == ("active", NEWS, None)
    async with gateway.database.transaction(town.tenant.context()) as tx:
        found = await tx.session.execute(text("select secret from webhook_endpoint where id = :id"), {"id": made["id"]})
        stored = found.scalar_one()
    assert made["secret"].removeprefix("whsec_").encode() not in stored
    rotated = (await town.tenant.post(town.system, f"{PATH}/{made['id']}/secret")).json()
    assert rotated["secret"] not in (made["secret"], None)
    assert rotated["previous_until"] is not None


async def test_it_is_paused_changed_taken_up_again_and_removed(town: Town, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    paused = await town.tenant.call(town.system, "PATCH", path, {"action": "pause"}, version=1)
    assert (paused.status_code, paused.json()["state"], paused.headers["etag"]) == (200, "paused", '"2"')
    assert (await town.tenant.call(town.system, "PATCH", path, {"action": "resume"}, version=1)).status_code == 412
    assert (await town.tenant.call(town.system, "PATCH", path, {"action": "resume"})).status_code == 428
    events = ["worklist.item.opened", "worklist.item.opened", "worklist.case.decided"]
    change = {"action": "resume", "url": "https://other.example/", "events": events}
    changed = (await town.tenant.call(town.system, "PATCH", path, change, version=2)).json()
    assert (changed["state"], changed["url"], changed["events"]) == ("active", change["url"], events[1:])
    assert (await town.tenant.call(town.system, "DELETE", path, version=3)).status_code == 204
    assert (await town.tenant.get(town.system, path)).status_code == 404


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("client_id", "nobody"),
        ("url", "http://hooks.example/"),
        ("url", "https://u:p@hooks.example/"),
        ("url", "file:///etc/passwd"),
        ("events", []),
        ("events", ["roster.dossier.opened"]),
        ("secret", "whsec_mine"),
    ],
)
async def test_what_is_not_offered_is_refused(town: Town, client_id: str, member: str, value: object) -> None:
    body = {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS, member: value}
    refused = await town.tenant.post(town.system, PATH, body)
    assert refused.status_code == 422, refused.text
    assert [each["pointer"].split("/")[1] for each in refused.json()["errors"]] == [member]


async def test_only_the_system_administrator_maintains_and_two_administrators_see(
    town: Town, client_id: str, made: dict[str, Any]
) -> None:
    body = {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS}
    one = f"{PATH}/{made['id']}"
    handler = town.official("society_work", "150102", "approver")
    for caller in (town.security, town.auditor, handler):
        for method, path, content in (
            ("POST", PATH, body),
            ("PATCH", one, {"action": "pause"}),
            ("DELETE", one, None),
            ("POST", f"{one}/secret", None),
            ("POST", f"{one}/replays", {"since": "2026-01-01T00:00:00Z"}),
        ):
            refused = await town.tenant.call(caller, method, path, content, version=1)
            assert refused.status_code == 403, (method, path)
    for path in (PATH, one, f"{one}/deliveries"):
        assert (await town.tenant.get(town.security, path)).status_code == 200
        for caller in (town.auditor, handler):
            assert (await town.tenant.get(caller, path)).status_code == 403


async def test_an_administrator_of_one_county_does_not_hear_of_all(
    town: Town, client_id: str, made: dict[str, Any]
) -> None:
    county = town.official("system_admin", "150102")
    body = {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS}
    answers = [
        await town.tenant.post(county, PATH, body),
        await town.tenant.get(county, PATH),
        await town.tenant.get(county, f"{PATH}/{made['id']}/deliveries"),
        await town.tenant.post(county, f"{PATH}/{made['id']}/secret"),
    ]
    assert {each.status_code for each in answers} == {403}


async def test_another_tenants_is_not_there(town: Town, other_town: Town, client_id: str, made: dict[str, Any]) -> None:
    theirs = await other_town.tenant.post(
        other_town.system, PATH, {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS}
    )
    assert theirs.status_code == 422
    for id_ in (made["id"], str(new_id())):
        one = f"{PATH}/{id_}"
        answers = [
            await other_town.tenant.get(other_town.system, one),
            await other_town.tenant.get(other_town.system, f"{one}/deliveries"),
            await other_town.tenant.call(other_town.system, "PATCH", one, {"action": "pause"}, version=1),
            await other_town.tenant.call(other_town.system, "DELETE", one, version=1),
            await other_town.tenant.post(other_town.system, f"{one}/secret"),
            await other_town.tenant.post(other_town.system, f"{one}/replays", {"since": "2026-01-01T00:00:00Z"}),
        ]
        assert {each.status_code for each in answers} == {404}
    assert (await other_town.tenant.get(other_town.system, PATH)).json()["items"] == []


async def test_a_tenant_has_so_many_and_no_more(
    town: Town, client_id: str, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ENDPOINTS", 1)
    body = {"client_id": client_id, "url": "https://hooks.example/in", "events": NEWS}
    assert (await town.tenant.post(town.system, PATH, body)).status_code == 409


async def test_every_act_is_audited_without_the_address_or_the_secret(town: Town, made: dict[str, Any]) -> None:
    await town.tenant.post(town.system, f"{PATH}/{made['id']}/secret")
    for act in ("made", "secret_rotated"):

        async def told(act: str = act) -> list[dict[str, Any]]:
            action = {"action": f"webhooks.endpoint.{act}"}
            page = await town.tenant.get(town.auditor, "/api/v1/audit/entries", query=action)
            entries = [each["entry"] for each in page.json()["items"]]
            return [each for each in entries if each["subject_id"] == made["id"]]

        [entry] = await until(told, f"the audit of {act}")
        assert entry["facts"] == {"client_id": made["client_id"], "host": "hooks.example"}
