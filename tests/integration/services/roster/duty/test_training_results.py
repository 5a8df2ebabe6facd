"""Results of training as facts for the adjustment of posts (SH-27)."""

from typing import Any

import pytest

from contracts.training import HoursCredited, NeedChanged, NeedMet, NeedOpened
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.ids import new_id
from services.roster.duty import queries
from tests.integration.services.roster.daily import on_duty
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, House


@pytest.mark.article("SH-27")
async def test_hours_owed_and_done_stand_beside_the_dossier(division: Division) -> None:
    worker, need = await division.staff(), new_id()
    common: dict[str, Any] = {"person_id": str(worker.person_id), "kind": "yearly", "cycle": "2025"}
    common |= {"community_unit_no": division.tenant.tree["community"].unit_no}
    await division.deliver(NeedOpened(**common, required_hours="20.00", forms=["off_job"], article="SH-27"), need, 1)
    path = f"{PATH}/dossiers/{worker.dossier_id}/training-results"
    [short] = (await division.tenant.get(division.township, path)).json()["items"]
    assert (short["required_hours"], short["findings"][0]["outcome"]) == ("20.00", "not_met")
    entry: dict[str, Any] = {
        "entry_id": str(new_id()),
        "session_id": str(new_id()),
        "form": "off_job",
        "hours": "20.00",
    }
    done: dict[str, Any] = {"credited_hours": "20.00", "met_on": "2025-04-11"}
    await division.deliver(HoursCredited(**common, **entry, **done, counts=True, required_hours="20.00"), need, 2)
    [met] = (await division.tenant.get(division.township, path)).json()["items"]
    assert (met["findings"][0]["article"], met["findings"][0]["outcome"]) == ("SH-27", "met")
    gone = NeedChanged(**common, **done, required_hours="0")
    await division.deliver(gone, need, 3)
    assert (await division.tenant.get(division.township, path)).json()["items"] == []
    for caller, status in ((division.sibling, 404), (worker.caller, 403), (division.finance, 403)):
        assert (await division.tenant.get(caller, path)).status_code == status


@pytest.mark.article("NM-20")
async def test_news_of_a_need_is_kept_without_a_transaction(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one statement (decision 0032), each time all that is told of the need."""
    need, person = new_id(), new_id()
    common: dict[str, Any] = {"person_id": str(person), "kind": "yearly", "cycle": "2025", "required_hours": "20.00"}
    common |= {"community_unit_no": house.tenant.tree["community"].unit_no}
    entry: dict[str, Any] = {"entry_id": str(new_id()), "session_id": str(new_id()), "form": "off_job"}
    enough: dict[str, Any] = {"credited_hours": "20.00", "met_on": "2025-04-11"}
    told = (
        NeedOpened(**common, forms=[]),
        HoursCredited(**common, **entry, hours="8.00", counts=True, credited_hours="8.00", met_on=None),
        NeedMet(**common, **enough),
        NeedChanged(**common | {"required_hours": "24.00", "credited_hours": "20.00"}, met_on=None),
    )
    expected = (
        ("20.00", "0.00", None),
        ("20.00", "8.00", None),
        ("20.00", "20.00", "2025-04-11"),
        ("24.00", "20.00", None),
    )

    def closed(*_: object) -> None:
        raise AssertionError("a transaction was opened")

    for version, (event, kept) in enumerate(zip(told, expected, strict=True), 1):
        with monkeypatch.context() as shut:
            shut.setattr(Database, "transaction", closed)
            await house.deliver(event, need, version)
        async with house.service.database.transaction(Context.system(house.tenant.id, house.tenant.now)) as tx:
            [row] = await queries.owed(tx, person)
        assert (str(row.required_hours), str(row.credited_hours), row.met_on and row.met_on.isoformat()) == kept


@pytest.mark.article("NM-20")
async def test_where_no_text_ties_them_it_is_said_so(house: House) -> None:
    worker = await on_duty(house)
    answer = await house.tenant.get(house.township, f"{PATH}/dossiers/{worker.dossier_id}/training-results")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")
