"""Thousands of units and posts come in one event; whatever was told of one of them since stays (T12)."""

from uuid import UUID

from sqlmodel import col, select

from kernel.ids import new_id
from kernel.org import queries
from kernel.org.published import PostChanged, PostsLoaded, UnitsLoaded, UnitsRenumbered
from kernel.org.tables import OrgPost
from kernel.testing.service_client import TestTenant
from tests.integration.kernel.org.test_consumers import deliver, unit

ABOVE, BELOW, FIRST, SECOND, USER = (str(new_id()) for _ in range(5))


def units() -> UnitsLoaded:
    """A county and a township under it."""
    return UnitsLoaded(
        unit_ids=[ABOVE, BELOW],
        unit_nos=[90_000, 91_000],
        last_nos=[91_999, 91_999],
        levels=["county", "township"],
        codes=["990100", "990100901000"],
        titles=["旧名", "测试街道"],
        parent_ids=["", ABOVE],
        valid_froms=["2026-01-01", "2026-01-01"],
    )


def posts() -> PostsLoaded:
    """Two posts in the township, one for a term."""
    return PostsLoaded(
        post_ids=[FIRST, SECOND],
        user_ids=[USER, USER],
        unit_ids=[BELOW, BELOW],
        unit_nos=[91_000, 91_000],
        department_kinds=["township_office", "township_office"],
        levels=["township", "township"],
        duties=["handler", "approver"],
        valid_froms=["2026-01-01", "2026-01-01"],
        valid_befores=["", "2026-02-01"],
    )


async def kept(tenant: TestTenant) -> dict[str, OrgPost]:
    """The posts of the township by id."""
    async with tenant.service.database.transaction(tenant.context()) as tx:
        found = await tx.session.execute(select(OrgPost).where(col(OrgPost.department_kind) == "township_office"))
        return {str(post.id): post for post in found.scalars()}


async def test_units_and_posts_are_there_whole(tenant: TestTenant) -> None:
    await deliver(tenant, units(), tenant.id, 1)
    await deliver(tenant, posts(), tenant.id, 2)
    await deliver(tenant, posts(), tenant.id, 2)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        below = await queries.unit_by_no(tx, 91_000)
        assert (below.title, below.level, str(below.parent_id)) == ("测试街道", "township", ABOVE)
        assert (await queries.unit_by_no(tx, 90_000)).parent_id is None
    found = await kept(tenant)
    assert {name: (post.duty, str(post.valid_before)) for name, post in found.items()} == {
        FIRST: ("handler", "None"),
        SECOND: ("approver", "2026-02-01"),
    }


async def test_what_was_told_since_stays_whichever_comes_first(tenant: TestTenant) -> None:
    ended = PostChanged(
        user_id=USER,
        unit_id=BELOW,
        unit_no=91_000,
        department_kind="township_office",
        level="township",
        duty="handler",
        valid_from="2026-01-01",
        valid_before="2026-01-15",
    )
    await deliver(tenant, unit("新名", last_no=91_999), UUID(ABOVE), 1)
    await deliver(tenant, ended, UUID(FIRST), 1)
    await deliver(tenant, units(), tenant.id, 1)
    await deliver(tenant, posts(), tenant.id, 2)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        assert (await queries.unit_by_no(tx, 90_000)).title == "新名"
    assert {name: str(post.valid_before) for name, post in (await kept(tenant)).items()} == {
        FIRST: "2026-01-15",
        SECOND: "2026-02-01",
    }


async def test_units_and_posts_that_come_late_are_numbered_as_the_tree_is_now(tenant: TestTenant) -> None:
    moved = UnitsRenumbered(
        valid_from="2026-01-10",
        document="测试文件",
        unit_ids=[BELOW],
        old_nos=[91_000],
        unit_nos=[95_000],
        last_nos=[95_999],
        merged_ids=[],
        into_ids=[],
    )
    await deliver(tenant, moved, tenant.id, 1)
    await deliver(tenant, units(), tenant.id, 1)
    await deliver(tenant, posts(), tenant.id, 2)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        assert (await queries.unit_by_no(tx, 95_000)).title == "测试街道"
    assert {post.unit_no for post in (await kept(tenant)).values()} == {95_000}
