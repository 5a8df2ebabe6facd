"""A version brought to a tenant by the platform's operator, on the decision of a named official of the issuing organ.

A tenant made by an earlier release lives under a version whose grants its officials hold; so that it can always be
moved to a newer one, the operator may carry out what the organ decided. The act stands in both audit chains.
"""

from datetime import date, timedelta

from gateway.directory import queries as directory
from gateway.regulation.promulgation import actions, rules
from gateway.regulation.rules import RootSeat
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context
from kernel.db.transaction import Database, Transaction
from kernel.errors import NotFound, Text
from kernel.events.outbox import audit
from kernel.org import queries as org
from kernel.regulation.pack import Pack


async def tenant_context(database: Database, slug: str) -> Context:
    """The platform at work in a tenant's present business instant; `NotFound` for an unknown name."""
    tenant = await directory.tenant_of_slug(database, slug)
    if tenant is None:
        raise NotFound(Text(f"没有租户 {slug}", f"There is no tenant {slug}."))
    async with database.transaction(Context.system(tenant, utcnow())) as tx:
        offset = (await directory.tenant(tx)).business_offset_seconds
    return Context.system(tenant, utcnow() + timedelta(seconds=offset))


async def publish(
    database: Database, slug: str, pack: Pack, *, official: str, document: str, valid_from: date | None
) -> date:
    """Publish a version in a tenant from a day on, or from today; answers the day.

    `official`: the sign-in name of who decided. Raises `NotFound` for an unknown tenant or name, `Forbidden` for
    somebody without a post of the issuing organ, and as `actions.publish` does.
    """
    context = await tenant_context(database, slug)
    async with database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as platform:
        facts = {"tenant": slug, "version": pack.version, "official": official, "document": document}
        await audit(
            platform, "platform.regulation.published", subject_type="tenant", subject_id=context.tenant, facts=facts
        )
        tx = await platform.under(context)
        in_force = await org.pack(tx)
        rules.check_same_regulation(pack, in_force)
        root_no = await _check_official(tx, in_force, official)
        first = valid_from or max(tx.today, pack.document.pack.effective)
        row = await actions.publish(tx, pack, first, root_no=root_no, document=document)
    return row.valid_from


async def _check_official(tx: Transaction, in_force: Pack, official: str) -> int:
    """The number of the topmost unit, where the official holds a post of the issuing organ."""
    user = await directory.user_by_name(tx, official)
    if user is None:
        raise NotFound(Text(f"没有用户 {official}", f"There is no official {official}."))
    held = await directory.acting_posts(tx, user.id, tx.today)
    rooted = [(post, await directory.unit(tx, post.unit_id)) for post in held]
    seats = {RootSeat(post.department_kind, post.level): unit for post, unit in rooted if unit.parent_id is None}
    seat = next((each for each in seats if rules.is_issuer(in_force, each)), RootSeat(None, None))
    rules.check_issuer(in_force, seat)
    return seats[seat].unit_no
