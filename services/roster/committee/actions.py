"""The composition of the two committees of a community: checked when a post is taken, and shown (SH-4)."""

from collections.abc import Sequence
from datetime import date

from kernel.org.tables import OrgUnit
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.roster.committee import rules
from services.roster.committee.rules import Held
from services.roster.committee.schemas import CompositionView, SeatView

__all__ = ["Held", "check_taken", "has_room", "regulates", "shown"]


def regulates(pack: Pack, role: str, on: date) -> bool:
    """Whether the regulation limits how many hold that post in a community."""
    if not rules.regulated(pack, on):
        return False
    norm = rules.Norm(pack, on)
    return norm.seat(role) is not None or role in norm.outside


def check_taken(pack: Pack, held: Sequence[Held], role: str, on: date) -> list[Finding]:
    """Findings on a community once a post of that role is taken (`held` has it); raises as `rules.check_taken`."""
    return rules.check_taken(rules.Norm(pack, on), held, role) if rules.regulated(pack, on) else []


def has_room(pack: Pack, held: Sequence[Held], role: str, on: date) -> bool:
    """Whether a seat of that post is free; True where the regulation counts none."""
    if not rules.regulated(pack, on):
        return True
    norm = rules.Norm(pack, on)
    seat = norm.seat(role)
    return seat is None or len(rules.people(held, [role])) < norm.most_of(seat, held)


def shown(pack: Pack, community: OrgUnit, held: Sequence[Held], on: date) -> CompositionView:
    """The composition on a day with its findings; `NotRegulated` where the regulation does not speak of it."""
    rules.check_regulated(pack, on)
    norm = rules.Norm(pack, on)
    members = rules.people(held, norm.roles)
    part_time = {each.dossier for each in held if each.part_time} & members
    seats = []
    for seat in norm.seats:
        number = len(rules.people(held, [seat.role]))
        seats.append(
            SeatView(
                body=seat.body,
                role=seat.role,
                label=rules.label_of(pack, seat.role).zh,
                least=seat.least,
                most=norm.most_of(seat, held),
                held=number,
                vacant=max(0, seat.least - number),
            )
        )
    return CompositionView(
        community_unit_id=community.id,
        title=community.title,
        on=on,
        persons=len(members),
        part_time=len(part_time),
        outside=len(rules.people(held, norm.outside)),
        seats=seats,
        findings=[each.as_json() for each in rules.findings(norm, held)],
    )
