"""Identity data is de-identified by default; in full only for a reason that is kept (T10, T11)."""

from kernel.ids import new_id
from tests.integration.services.roster.house import IDENTITY, PATH, House


async def test_the_identity_is_masked(house: House) -> None:
    worker = await house.hire()
    read = await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}/identity")
    assert read.json()["id_number"] == "990101********0010"
    assert read.json()["phone"] == "139****0000"


async def test_no_other_answer_and_no_event_holds_number_or_phone(house: House) -> None:
    worker = await house.hire()
    answers = [
        (await house.tenant.get(house.county, f"{PATH}/dossiers")).text,
        (await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")).text,
        (await house.tenant.get(worker.caller, f"{PATH}/own/dossier")).text,
        *(str(event.data) for event in await house.tenant.events()),
    ]
    for text in answers:
        assert IDENTITY["id_number"] not in text
        assert IDENTITY["phone"] not in text


async def test_unmasking_gives_the_values_and_leaves_an_audit_entry_with_the_reason(house: House) -> None:
    worker = await house.hire()
    answer = await house.tenant.post(
        house.approver, f"{PATH}/dossiers/{worker.dossier_id}/unmask", {"reason": "办理社会保险登记"}
    )
    assert answer.status_code == 200
    assert answer.json()["id_number"] == IDENTITY["id_number"]
    assert answer.json()["phone"] == IDENTITY["phone"]
    [entry] = [
        event.data for event in await house.tenant.events("recorded") if event.data["action"] == "roster.dossier.unmask"
    ]
    assert entry["reason"] == "办理社会保险登记"
    assert entry["subject_id"] == worker.dossier_id
    assert entry["user_id"] == str(house.approver.actor.user)


async def test_unmasking_needs_permission_scope_and_reason(house: House) -> None:
    worker = await house.hire()
    path, body = f"{PATH}/dossiers/{worker.dossier_id}/unmask", {"reason": "办理社会保险登记"}
    for caller in (house.township, house.finance, worker.caller):
        assert (await house.tenant.post(caller, path, body)).status_code == 403
    assert (await house.tenant.post(house.sibling, path, body)).status_code == 404
    assert (await house.tenant.post(house.approver, f"{PATH}/dossiers/{new_id()}/unmask", body)).status_code == 404
    for empty in ({}, {"reason": "  "}, {"reason": "查"}):
        assert (await house.tenant.post(house.approver, path, empty)).status_code == 422
