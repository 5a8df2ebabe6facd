"""A tenant goes live: its pack, its tree of units with departments, posts, users and clients, in one transaction (T12).

Run by the platform's operators at the command line; the act stands in the audit of the platform's own tenant.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gateway.directory import actions as directory
from gateway.directory import bulk
from gateway.directory.actions import NewUnit
from gateway.directory.bulk import NewDepartment, NewPost
from gateway.directory.department.actions import name_of
from gateway.directory.rules import ADMINISTRATORS
from gateway.directory.tables import Department, Slug, Unit, User
from gateway.identity import actions as identity
from gateway.identity.factors.removal import require_second_factor
from gateway.identity.handles import DOCS_CLIENT
from gateway.identity.invitations.actions import address, invite
from gateway.regulation.promulgation import actions as regulations
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import PLATFORM_TENANT, Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import Conflict, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.regulation.demonstration import Demonstration, check_demonstration
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack

_TIMEOUT = text("select set_config('transaction_timeout', :limit, true)")
LONGEST = "10min"
"""A tenant of real size takes half a minute; a statement of it may take no longer than any other."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A made-up sign-in, shown once: who, with which first password, in which posts (none: an applicant)."""

    user_name: str
    name: str
    password: str
    unit: str
    post: str


@dataclass(frozen=True, slots=True)
class FirstLink:
    """The one-time link of an administrator, shown once; the tenant's first users come in by these."""

    user_name: str
    name: str
    unit: str
    post: str
    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each were made."""

    units: int
    departments: int
    officials: int
    posts: int

    @classmethod
    def of(cls, plan: Demonstration) -> "Counts":
        """What a description asks for."""
        posts = sum(len(person.posts) for person in plan.users)
        return cls(len(plan.units), len(plan.departments), len(plan.users), posts)


@dataclass(frozen=True, slots=True)
class Onboarded:
    """What the operator is told of a tenant just made. `clients`: by suffix, the id and the secret."""

    tenant: str
    tenant_id: str
    name: str
    clients: Mapping[str, Mapping[str, str | None]]
    sign_ins: tuple[SignIn, ...]
    links: tuple[FirstLink, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class _Official:
    """A user just made, with the words for the first post's unit and all posts held."""

    user: User
    unit: str
    held: str


def add_tenant(
    config: ProcessConfig,
    file: Path,
    slug: str | None,
    business_time: datetime | None,
    regulation: Path | None = None,
    *,
    links: bool = False,
) -> Onboarded:
    """Make a tenant from a description and a pack, the one beside it unless a folder is named; all of it or nothing.

    links: no password is made up; the administrators get one-time links, invite all others themselves, and every
    official signs in with a second factor. Else officials whom the description gives no first password cannot sign in
    before the security administrator invites them.

    Raises `Conflict` where the address name is taken, `PackRefused` where the pack does not pass its check.
    """
    return asyncio.run(_add(config, file, slug, business_time, regulation or file.parent, links=links))


async def _add(
    config: ProcessConfig,
    file: Path,
    slug: str | None,
    business_time: datetime | None,
    regulation: Path,
    *,
    links: bool,
) -> Onboarded:
    pack = load(regulation)
    plan = check_demonstration(file, pack)
    name = slug or plan.slug
    tenant = TenantId(new_id())
    started = business_time or plan.business_time or utcnow()
    database = Database.open(config)
    try:
        async with database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as platform:
            # One transaction makes all of it: on a busy machine that takes longer than a request may. A timeout that
            # runs is taken away only by 0.
            for limit in ("0", LONGEST):
                await platform.session.execute(_TIMEOUT, {"limit": limit})
            await _claim(platform, name, tenant)
            tx = await platform.under(Context.system(tenant, started))
            made = await _fill(tx, plan, pack, name, started, config.issuer, links=links)
    finally:
        await database.close()
    return made


async def _claim(tx: Transaction, slug: str, tenant: TenantId) -> None:
    tx.session.add(Slug(tenant_id=PLATFORM_TENANT, slug=slug, named_tenant_id=tenant))
    try:
        await tx.session.flush()
    except IntegrityError as error:
        raise Conflict(Text(f"租户名 {slug} 已被使用", f"The tenant name {slug} is taken.")) from error
    await audit(tx, "platform.tenant.added", subject_type="tenant", subject_id=tenant)


async def _fill(
    tx: Transaction, plan: Demonstration, pack: Pack, slug: str, started: datetime, issuer: str, *, links: bool
) -> Onboarded:
    await directory.make_tenant(tx, slug=slug, title=plan.title.zh, business_time=started)
    await regulations.publish(tx, pack)
    since = pack.document.pack.effective
    units = await directory.make_units(
        tx, [NewUnit(unit.code, unit.name, unit.level, unit.parent) for unit in plan.units], since
    )
    made = await bulk.make_departments(
        tx, [NewDepartment(units[one.unit], one.kind, name_of(pack, one.kind, tx.today)) for one in plan.departments]
    )
    departments = {(one.unit, one.kind): row for one, row in zip(plan.departments, made, strict=True)}
    users = await _officials(tx, plan, units, departments, since)
    clients = await _clients(tx, plan, issuer)
    counts = Counts.of(plan)
    if links:
        await require_second_factor(tx)
        made_links = await _links(tx, plan, users, issuer)
        return Onboarded(slug, str(tx.tenant), plan.title.zh, clients, (), made_links, counts)
    sign_ins = await _sign_ins(tx, plan, users)
    for applicant in plan.applicants:
        user = await directory.make_user(
            tx, user_name=applicant.user_name, display_name=applicant.display_name, person_id=new_id()
        )
        sign_ins.append(SignIn(applicant.user_name, applicant.display_name, await _password(tx, user), "", ""))
    return Onboarded(slug, str(tx.tenant), plan.title.zh, clients, tuple(sign_ins), (), counts)


async def _officials(
    tx: Transaction,
    plan: Demonstration,
    units: Mapping[str, Unit],
    departments: Mapping[tuple[str, str], Department],
    since: date,
) -> list[_Official]:
    """All officials with their posts, in the order of the description."""
    users = await bulk.make_officials(tx, [(person.user_name, person.display_name) for person in plan.users])
    posts, made = [], []
    for person, user in zip(plan.users, users, strict=True):
        places = [departments[post.unit, post.department] for post in person.posts]
        posts += [
            NewPost(user, place, units[post.unit], post.duty, since)
            for post, place in zip(person.posts, places, strict=True)
        ]
        held = ", ".join(f"{place.title}/{post.duty}" for post, place in zip(person.posts, places, strict=True))
        made.append(_Official(user, units[person.posts[0].unit].title, held))
    await bulk.add_posts(tx, posts)
    return made


async def _sign_ins(tx: Transaction, plan: Demonstration, made: Sequence[_Official]) -> list[SignIn]:
    """The sign-ins of those who are given a first password."""
    return [
        SignIn(person.user_name, person.display_name, await _password(tx, one.user), one.unit, one.held)
        for person, one in zip(plan.users, made, strict=True)
        if person.first_password
    ]


async def _links(tx: Transaction, plan: Demonstration, made: Sequence[_Official], issuer: str) -> tuple[FirstLink, ...]:
    """The one-time links of the administrators."""
    links = []
    for person, one in zip(plan.users, made, strict=True):
        if ADMINISTRATORS.isdisjoint(post.department for post in person.posts):
            continue
        token, expires_at = await invite(tx, one.user.id)
        link = address(issuer, token)
        links.append(FirstLink(person.user_name, person.display_name, one.unit, one.held, link, expires_at))
    return tuple(links)


async def _password(tx: Transaction, user: User) -> str:
    """A first password of a user just made."""
    password = f"{secrets.token_urlsafe(9)}-Aa7{secrets.randbelow(10)}"
    await identity.set_password(tx, user.id, password, user_name=user.user_name)
    return password


async def _clients(tx: Transaction, plan: Demonstration, issuer: str) -> dict[str, dict[str, str | None]]:
    """The clients of the plan, and the one that the documentation page signs in with."""
    docs = await identity.register_client(
        tx, DOCS_CLIENT, [f"{issuer}/docs/oauth2-redirect"], "browser", trusted=True, origins=[issuer]
    )
    made = {DOCS_CLIENT: {"client_id": docs.client_id, "client_secret": None}}
    for client in plan.clients:
        registered = await identity.register_client(
            tx,
            client.suffix,
            [f"{issuer}{uri}" if uri.startswith("/") else uri for uri in client.redirect_uris],
            client.kind,
            trusted=client.trusted,
            origins=client.origins,
            sign_out_uris=client.sign_out_uris,
            name=Text(client.name.zh, client.name.en),
            permissions=client.grants,
        )
        made[client.suffix] = {"client_id": registered.client_id, "client_secret": registered.secret}
    return made
