"""A tenant of the whole territory, in the small: every league and county, some townships and officials (T12).

The full size is measured by hand with the same commands (docs/onboarding.md).
"""

import asyncio
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from deploy.cli.territory import describe, read_divisions
from gateway.identity import actions as identity
from gateway.onboarding import add_tenant
from kernel.context import Context, TenantId
from kernel.ids import new_id
from kernel.org.tables import OrgPost, OrgUnit
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import FILE, NOW, until

TOWNSHIPS, COMMUNITIES, OFFICIALS = 110, 130, 300
UNITS = 116 + TOWNSHIPS + COMMUNITIES


async def test_a_whole_territory_is_on_board_and_known_everywhere(gateway: ServiceUnderTest, tmp_path: Path) -> None:
    regulation = FILE.parent
    slug = f"t{new_id().hex}"
    levels = {kind: list(one.levels) for kind, one in load(regulation).document.departments.items()}
    file = tmp_path / "tenant.yaml"
    file.write_text(
        "\n".join(
            describe(
                slug,
                read_divisions(regulation / "divisions.yaml"),
                levels,
                townships=TOWNSHIPS,
                communities=COMMUNITIES,
                officials=OFFICIALS,
            )
        )
    )
    made = await asyncio.to_thread(add_tenant, gateway.config, file, slug, NOW, regulation)
    assert (made.counts.units, made.counts.officials, made.counts.posts) == (UNITS, OFFICIALS, OFFICIALS)
    assert [one.user_name for one in made.sign_ins] == ["system.admin", "security.admin", "audit.admin"]
    context = Context.system(TenantId(UUID(made.tenant_id)), NOW)

    async def heard() -> bool:
        async with gateway.database.transaction(context) as tx:
            found = [
                (await tx.session.execute(text(f"select count(*) from {table}"))).scalar_one()  # noqa: S608
                for table in (OrgUnit.__tablename__, OrgPost.__tablename__)
            ]
        return found == [UNITS, OFFICIALS]

    await until(heard, "all units and posts in the read model")
    async with gateway.database.transaction(context) as tx:
        first = made.sign_ins[0]
        assert await identity.sign_in(tx, first.user_name, first.password) is not None
        # Who was given no password cannot come in, by none either.
        assert await identity.sign_in(tx, "official000004", "") is None
        assert await identity.sign_in(tx, "official000004", first.password) is None
        outside = await tx.session.execute(
            text(
                "select count(*) from directory_unit u join directory_unit p"
                " on p.tenant_id = u.tenant_id and p.id = u.parent_id"
                " where u.unit_no <= p.unit_no or u.last_no > p.last_no"
            )
        )
        assert outside.scalar_one() == 0, "every unit is numbered within its parent"
