"""Gathering unbroken work from posts and contracts, and what the law asks of it (LCL-10, LCL-14, LCL-82)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, cast
from uuid import UUID

from kernel.clock import local_date
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.national.tenure import Concluded, due_on
from kernel.regulation.pack import Pack
from services.roster.appointment import queries as appointment_queries
from services.roster.appointment.tables import Post
from services.roster.changes import contract_written
from services.roster.contract import queries as contract_queries
from services.roster.contract.tables import Contract
from services.roster.dossier import queries as dossier_queries
from services.roster.dossier.schemas import DossierSummary
from services.roster.tenure import rules
from services.roster.tenure.schemas import ContractFindingsView

HISTORY = "history"
"""The origin of a post that was held before the register was kept."""


async def read(tx: Transaction, dossier_id: UUID) -> ContractFindingsView:
    """What the law asks of one worker's contracts today; `NotFound` outside the scope."""
    dossier = await dossier_queries.read(tx, dossier_id)
    pack = await org.pack(tx)
    work = (await works(tx, pack, tx.today, [dossier.id])).get(dossier.id)
    return _view(pack, tx.today, dossier, work)


async def due(tx: Transaction, paging: Paging) -> Page[ContractFindingsView]:
    """The workers of the scope whose contracts ask for something, with that alone.

    Walks one page of workers at a time: a page may hold fewer than asked for, or none, and still have a next.
    """
    pack = await org.pack(tx)
    workers, following = await dossier_queries.walk(tx, paging)
    here = [each for each in workers if each.state != "left"]
    found = await works(tx, pack, tx.today, [each.id for each in here])
    items = [_view(pack, tx.today, each, found.get(each.id), every=False) for each in here]
    return Page[ContractFindingsView](items=[each for each in items if each.findings], next=following)


@contract_written.follow
async def check_open_ended(tx: Transaction, contract_id: UUID, start: date) -> None:
    """Raise `RuleRefused` (LCL-14) for a fixed term from that day where an open-ended contract is owed.

    Asked again when the employer signs: the right may have been reached since the draft was written.
    """
    row = await contract_queries.get(tx, contract_id)
    pack, on = await org.pack(tx), due_on(tx.today, start)
    work = (await works(tx, pack, on, [row.dossier_id])).get(row.dossier_id)
    goes_on = work if work is not None and work.tenure.relation == row.relation else None
    owed = rules.owed(pack, on, goes_on) if goes_on is not None else None
    rules.check_open_ended(owed, row.term_kind, row.fixed_term_reason)


async def worked_from(tx: Transaction, pack: Pack, contract: Contract) -> date:
    """First day of the unbroken work that reached up to the end of a contract, for its employer."""
    start, before = contract.period.lower, contract.period.upper
    assert start is not None  # noqa: S101 - a term has a first day
    last_day = (before or tx.today) - timedelta(days=1)
    ids = [contract.dossier_id]
    found = await works(tx, pack, last_day, ids, employer=contract.employer_unit_id)
    return found[contract.dossier_id].tenure.worked_from if found else start


async def works(
    tx: Transaction, pack: Pack, on: date, ids: Sequence[UUID], *, employer: UUID | None = None
) -> dict[UUID, rules.Work]:
    """The unbroken work of several dossiers for their present employers, or the one named, up to a day.

    Of those that have any.
    """
    signed, held = await contract_queries.signed(tx, ids), await appointment_queries.of_many(tx, ids)
    units: dict[UUID, OrgUnit] = {}
    made: dict[UUID, rules.Work] = {}
    for dossier_id, latest in (await dossier_queries.employers(tx, ids)).items():
        contracts = signed.get(dossier_id, [])
        present = employer or latest or (contracts[-1].employer_unit_id if contracts else None)
        if present is None:
            continue
        counted = rules.employers(present, [(row.employer_unit_id, row.conclusion) for row in contracts])
        for each in counted - units.keys():
            units[each] = await org.unit(tx, each)
        theirs = [row for row in contracts if row.employer_unit_id in counted]
        under = [row for row in held.get(dossier_id, []) if any(_under(units[each], row) for each in counted)]
        spans = [*map(_term, theirs), *map(_post, under)]
        work = rules.work_of(pack, on, spans, map(_concluded, theirs))
        if work is not None:
            made[dossier_id] = work
    return made


def _under(employer: OrgUnit, post: Post) -> bool:
    return employer.unit_no <= post.community_unit_no <= employer.last_no


def _term(row: Contract) -> rules.Span:
    assert row.period.lower is not None  # noqa: S101 - a term has a first day
    return rules.Span(row.period.lower, row.period.upper, row.relation, post=False)


def _post(row: Post) -> rules.Span:
    assert row.period.lower is not None  # noqa: S101 - a post has a first day
    return rules.Span(row.period.lower, row.period.upper, row.relation, post=True, history=row.origin == HISTORY)


def _concluded(row: Contract) -> Concluded:
    assert row.period.lower is not None  # noqa: S101 - a term has a first day
    assert row.worker_signed_at is not None  # noqa: S101 - it is in force
    kind = cast(Literal["fixed", "open_ended"], row.term_kind)
    signed_on, reasoned = local_date(row.worker_signed_at), row.fixed_term_reason is not None
    return Concluded(kind, row.conclusion, row.period.lower, row.period.upper, signed_on, reasoned)


def _view(
    pack: Pack, on: date, dossier: DossierSummary, work: rules.Work | None, *, every: bool = True
) -> ContractFindingsView:
    found = rules.findings(pack, on, work) if work is not None else []
    return ContractFindingsView(
        dossier_id=dossier.id,
        person_id=dossier.person_id,
        full_name=dossier.full_name,
        unit_no=dossier.unit_no,
        relation=work.tenure.relation if work is not None else None,
        worked_from=work.tenure.worked_from if work is not None else None,
        findings=[each.as_json() for each in found if every or rules.asks_something(each)],
    )
