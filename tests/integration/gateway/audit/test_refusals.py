"""What the edges refuse stands in the chain of whom it concerns: the caller's tenant, or the platform's (T10)."""

from typing import Any

from sqlalchemy import text

from gateway.audit.refusals import RefusalBook
from gateway.edgefeed.messages import Refusal
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town, until


def refusal(town: Town | None, path: str, status: int = 403) -> Refusal:
    """As an edge reports it; of nobody's tenant where there was no valid token."""
    known: dict[str, Any] = {"tenant": town.tenant.id, "user": new_id(), "post": new_id()} if town else {}
    return Refusal(
        id=new_id(),
        at=utcnow().timestamp(),
        status=status,
        method="GET",
        path=path,
        request_id=str(new_id()),
        address="192.0.2.7",
        **known,
    )


async def test_a_refusal_is_chained_for_the_tenant_with_who_was_refused(gateway: ServiceUnderTest, town: Town) -> None:
    mine = refusal(town, "/api/v1/roster/dossiers/{id}")
    await RefusalBook(gateway.database).record([mine, refusal(None, "/api/v1/roster/dossiers", 401)], 0)

    async def recorded() -> list[dict[str, Any]]:
        found = await town.tenant.get(town.auditor, "/api/v1/audit/entries", query={"action": "edge.refused"})
        return list(found.json()["items"])

    (entry,) = await until(recorded, "the refusal in the chain")
    facts = entry["entry"]["facts"]
    assert (facts["status"], facts["method"], facts["path"], facts["id"]) == (403, "GET", mine.path, str(mine.id))
    assert (entry["entry"]["user_id"], entry["entry"]["post_id"]) == (str(mine.user), str(mine.post))
    assert (entry["entry"]["request_id"], entry["entry"]["address"]) == (mine.request_id, "192.0.2.7")


async def test_refusals_of_nobody_and_dropped_ones_stand_in_the_platforms_chain(gateway: ServiceUnderTest) -> None:
    nobody = refusal(None, "/api/v1/roster/dossiers", 401)
    await RefusalBook(gateway.database).record([nobody], 17)

    async def recorded() -> bool:
        async with gateway.database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            found = await tx.session.execute(
                text(
                    "select count(*) from audit_entry where entry->'facts'->>'id' = :id"
                    " or (action = 'edge.refusals_dropped' and entry->'facts'->>'count' = '17')"
                ),
                {"id": str(nobody.id)},
            )
            return bool(found.scalar_one() >= 2)

    await until(recorded, "both in the platform's chain")
