"""Recording an election with what there is to see of the person elected, and by-elections (SH-6, SH-7)."""

from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from kernel.regulation.pack import Pack
from services.roster.appointment import actions as appointment
from services.roster.appointment import queries as posts
from services.roster.appointment.schemas import Elected, PostView
from services.roster.committee import actions as committee
from services.roster.dossier import queries as dossiers
from services.roster.election import rules
from services.roster.election.schemas import ConditionsView
from services.roster.intake import queries as proofs


async def elect(tx: Transaction, dossier_id: UUID, body: Elected) -> PostView:
    """Record that a worker was elected, in a by-election where the body says so.

    Raises as `appointment.actions.elect`; of a by-election also `NotRegulated` where the regulation knows none,
    `Forbidden` for another unit than the one that organises it, `RuleRefused` where there is no vacancy.
    """
    pack = await org.pack(tx)
    if body.by_election:
        dossier = await dossiers.get(tx, dossier_id)
        await _check_by_election(tx, pack, await org.unit(tx, dossier.community_unit_id), body)
    made = await appointment.elect(tx, dossier_id, body)
    shown = [each for each in await _conditions(tx, pack, dossier_id) if each["outcome"] != "met"]
    return made.model_copy(update={"findings": [*made.findings, *shown]})


async def conditions(tx: Transaction, dossier_id: UUID) -> ConditionsView:
    """What the regulation asks of a member, on what is known of a worker; `NotFound` outside the scope."""
    await dossiers.get(tx, dossier_id)
    found = await _conditions(tx, await org.pack(tx), dossier_id)
    return ConditionsView(dossier_id=dossier_id, findings=found)


async def _conditions(tx: Transaction, pack: Pack, dossier_id: UUID) -> list[dict[str, Any]]:
    background = await proofs.background(tx, dossier_id)
    return [each.as_json() for each in rules.conditions(pack, background.education_code, tx.today)]


async def _check_by_election(tx: Transaction, pack: Pack, community: OrgUnit, body: Elected) -> None:
    organiser = await org.ancestor(tx, community.unit_no, rules.organiser_level(pack, tx.today))
    if organiser is None and community.parent_id is not None:
        # A community right below the division-city: the unit above it stands in.
        organiser = await org.unit(tx, community.parent_id)
    above = organiser.unit_no if organiser else None
    rules.check_organiser(pack, tx.today, organiser=above, acting=tx.context.actor.unit_no)
    held = [committee.Held(row.dossier_id, row.role) for row in await posts.in_community(tx, community.id, tx.today)]
    left = await posts.was_left(tx, community.id, body.role, body.term_from)
    room = committee.has_room(pack, held, body.role, tx.today)
    rules.check_vacancy(pack, body.role, tx.today, left=left, room=room)
