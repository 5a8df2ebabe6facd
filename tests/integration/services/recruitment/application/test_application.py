"""Sign-up over HTTP: once per person and notice, until it closes, numbers never in clear."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from kernel.ids import new_id
from kernel.privacy.keys import erase
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, person
from tests.integration.services.recruitment.journey import CLOSES, DECLARATIONS, Journey, id_number


@pytest.mark.article("NM-8")
async def test_a_person_signs_up_and_reads_their_own(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    assert application["state"] == "submitted"
    assert application["id_number"] == "990101********" + id_number(date(1995, 3, 1))[-4:]
    assert application["phone"] == "139****0001"
    own = await journey.made(applicant, "GET", f"/my/applications/{application['id']}")
    assert own == application
    assert len((await journey.made(applicant, "GET", "/my/applications"))["items"]) == 1
    (event,) = await journey.tenant.events("submitted")
    assert set(event.data) == {"application_id", "notice_id", "notice_item_id", "person_id"}


async def test_the_number_is_stored_nowhere_in_clear(journey: Journey) -> None:
    number = id_number(date(1991, 4, 5), 7)
    notice = await journey.notice()
    await journey.applied(notice, id_number=number, phone="13912345678")
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        for table in ("recruitment_application", "k_outbox", "k_idempotency"):
            rows = (await tx.session.execute(text(f"select t::text from {table} t"))).scalars()  # noqa: S608 - our own names
            assert not any(number in row or "13912345678" in row for row in rows)


async def test_the_same_person_signs_up_once_and_again_after_withdrawing(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    body = journey.sign_up_body(notice)
    again = await journey.call(applicant, "POST", "/my/applications", body)
    stranger = await journey.call(person(), "POST", "/my/applications", body)
    assert again.status_code == stranger.status_code == 409
    told, told_stranger = again.json(), stranger.json()
    del told["instance"], told_stranger["instance"]
    assert told == told_stranger
    withdrawn = await journey.made(applicant, "POST", f"/my/applications/{application['id']}/withdraw")
    assert withdrawn["state"] == "withdrawn"
    assert (await journey.call(applicant, "POST", "/my/applications", body)).status_code == 201


async def test_a_repeated_request_is_answered_alike_and_makes_one(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, key, body = person(), str(new_id()), journey.sign_up_body(notice)
    first = await journey.call(applicant, "POST", "/my/applications", body, key=key)
    second = await journey.call(applicant, "POST", "/my/applications", body, key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(await journey.tenant.events("submitted")) == 1


@pytest.mark.article("NM-8")
async def test_sign_up_ends_with_the_minute_it_closes(journey: Journey) -> None:
    notice = await journey.notice()
    await journey.tenant.move_to(CLOSES - timedelta(seconds=1))
    applicant, application = await journey.applied(notice)
    await journey.tenant.move_to(CLOSES)
    body = journey.sign_up_body(notice, id_number=id_number(date(1995, 3, 1), 9))
    late = await journey.call(person(), "POST", "/my/applications", body)
    assert (late.status_code, late.json()["article"]) == (409, "NM-8(3)")
    gone = await journey.call(applicant, "POST", f"/my/applications/{application['id']}/withdraw")
    assert gone.status_code == 409


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id_number": "990101198501010011"}, "/id_number"),
        ({"id_number": id_number(date(2025, 1, 1))}, "/id_number"),
        ({"phone": "12345"}, "/phone"),
        ({"education_code": "3"}, "/education_code"),
        ({"declarations": DECLARATIONS | {"citizen": "yes"}}, "/declarations/citizen"),
        ({"declarations": DECLARATIONS | {"identities": ["king"]}}, "/declarations/identities"),
        ({"declarations": DECLARATIONS | {"quality_found": True}}, "/declarations/quality_found"),
        ({"declarations": {k: v for k, v in DECLARATIONS.items() if k != "citizen"}}, "/declarations/citizen"),
        ({"state": "hired"}, "/state"),
    ],
)
async def test_what_is_wrong_is_named_by_field(journey: Journey, changes: dict[str, Any], pointer: str) -> None:
    notice = await journey.notice()
    response = await journey.call(person(), "POST", "/my/applications", journey.sign_up_body(notice, **changes))
    assert response.status_code == 422
    assert [each["pointer"] for each in response.json()["errors"]] == [pointer]
    assert "990101" not in response.text


async def test_who_sees_an_application_and_who_does_not(journey: Journey) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    path = f"/applications/{application['id']}"
    for reader in ("handler", "league_handler", "township"):
        assert (await journey.made(reader, "GET", path))["id_number"].startswith("990101****")
        assert len((await journey.made(reader, "GET", "/applications"))["items"]) == 1
    assert (await journey.call("sibling", "GET", path)).status_code == 404
    assert (await journey.made("sibling", "GET", "/applications"))["items"] == []
    elsewhere = await journey.tenant.appoint("other_township", "township_office")
    assert (await journey.call(elsewhere, "GET", path)).status_code == 404
    other = person()
    assert (await journey.call(other, "GET", f"/my{path}")).status_code == 404
    assert (await journey.made(other, "GET", "/my/applications"))["items"] == []
    assert (await journey.call(other, "POST", f"/my{path}/withdraw")).status_code == 404
    assert (await journey.call(applicant, "GET", path)).status_code == 403
    assert (await journey.call(PUBLIC, "GET", f"/my{path}")).status_code == 403
    assert (await journey.call(None, "GET", path)).status_code == 401


async def test_a_list_shows_masks_and_nothing_of_who_was_erased(journey: Journey) -> None:
    notice = await journey.notice()
    _, kept = await journey.applied(notice, id_number=id_number(date(1992, 5, 6), 8))
    applicant, erased = await journey.applied(notice)
    async with journey.tenant.service.database.transaction(journey.tenant.context()) as tx:
        assert isinstance(applicant.actor.person, UUID)
        await erase(tx, applicant.actor.person)
    items = (await journey.made("handler", "GET", "/applications"))["items"]
    assert items == [{member: each[member] for member in items[0]} for each in (erased | {"id_number": None}, kept)], (
        "newest first, each as it is by itself"
    )
    assert kept["id_number"].startswith("990101****")


async def test_another_tenant_finds_nothing_with_the_very_same_ids(
    journey: Journey, recruitment: ServiceUnderTest, neimenggu: str
) -> None:
    notice = await journey.notice()
    applicant, application = await journey.applied(notice)
    other = await Journey.begin(recruitment, neimenggu)
    for caller, path in (
        (other.posts["handler"], f"/applications/{application['id']}"),
        (other.posts["handler"], f"/plans/{notice['plan_id']}"),
        (applicant, f"/my/applications/{application['id']}"),
        (PUBLIC, f"/notices/{notice['id']}"),
    ):
        assert (await other.call(caller, "GET", path)).status_code == 404
    assert (await other.made("handler", "GET", "/applications"))["items"] == []
    body = journey.sign_up_body(notice)
    assert (await other.call(person(), "POST", "/my/applications", body)).status_code == 404
