"""Workers with earlier history: bodies of imports, and what the tests ask of them."""

from typing import Any
from uuid import UUID

from kernel.ids import new_id
from kernel.testing.tree import Caller, person
from tests.integration.services.roster.house import PATH, House, Worker

NUMBERS = ("990101198501010010", "990101199001010027", "99020220000229003X", "990101197612311153")


def intake(house: House, *, number: int = 0, community: str = "community", **changes: Any) -> dict[str, Any]:
    """A secretary since 2019 with a whole term served, in communities since 2014."""
    return {
        "full_name": "李测试",
        "id_number": NUMBERS[number],
        "phone": "13900000001",
        "category": "committee_member",
        "community_unit_id": str(house.tenant.tree[community].id),
        "posts": [
            {"role": "member", "valid_from": "2016-01-01", "valid_before": "2019-01-01"},
            {
                "role": "secretary",
                "valid_from": "2019-01-01",
                "term_from": "2019-01-01",
                "term_before": "2024-01-01",
            },
        ],
        "employments": [
            {
                "employer": "外地某社区（演示）",
                "evidence": "劳动合同复印件",
                "valid_from": "2014-03-10",
                "valid_before": "2016-01-01",
            }
        ],
        "certificates": [{"kind": "social_worker", "number": "SW20180001", "issued_on": "2018-10-01"}],
        "background": {"education_code": "31", "political_status": "01", "party_since": "2012-07-01"},
    } | changes


def staff(house: House, *, since: str = "2021-03-01", **changes: Any) -> dict[str, Any]:
    """A staff member since 2021."""
    given: dict[str, Any] = {"category": "community_staff", "posts": [{"role": "staff", "valid_from": since}]}
    return intake(house, **(given | {"employments": [], "certificates": []} | changes))


async def entered(house: House, body: dict[str, Any], caller: Caller | None = None) -> Worker:
    """Import the worker, with an account of their own."""
    somebody = new_id()
    made = await house.tenant.post(
        caller or house.county, f"{PATH}/dossiers/imports", body | {"person_id": str(somebody)}
    )
    assert made.status_code == 201, made.text
    return Worker(UUID(made.json()["person_id"]), made.json()["id"], person(somebody))


async def years(house: House, worker: Worker, on: str | None = None, caller: Caller | None = None) -> dict[str, Any]:
    """The worker's years of service."""
    answer = await house.tenant.get(
        caller or house.county,
        f"{PATH}/dossiers/{worker.dossier_id}/service-years",
        query={"on": on} if on else None,
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
