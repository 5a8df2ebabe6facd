"""News told before a reorganisation and applied after it: its numbers of units are brought up to date at the door.

By the read model's table of old numbers, in the transaction that applies the event. News of the tree itself is left
as it is: it says what the tree was. So is an audit entry: it says where somebody stood when he acted, and is chained
as it was written.
"""

from uuid import UUID

import msgspec
from sqlalchemy import text

from kernel.db.transaction import Transaction
from kernel.events.audit import AUDIT
from kernel.events.envelope import Envelope
from kernel.events.event import Event

TREE = "gateway"
"""The publisher of the tree of units."""
_NOW = text(
    "select 'number' as what, old_no::text as was, unit_no::text as now from k_org_number"
    " where old_no = any(cast(:numbers as integer[]))"
    " union all select 'unit', id::text, successor_id::text from k_org_unit"
    " where id = any(cast(:units as uuid[])) and successor_id is not null"
)


async def brought_up(tx: Transaction, envelope: Envelope, data: Event) -> Event:
    """The event with present numbers, and with the successors of units that were merged meanwhile.

    What happened to a unit itself (it is the event's aggregate) keeps that unit.
    """
    if envelope.source == TREE or envelope.aggregate_type == AUDIT:
        return data
    numbers = {name: value for name in data.__struct_fields__ if isinstance(value := getattr(data, name), int)}
    numbers = {name: value for name, value in numbers.items() if name == "unit_no" or name.endswith("_unit_no")}
    about = str(envelope.aggregate_id)
    units = {name: getattr(data, name) for name in data.__struct_fields__ if _names_units(name)}
    named = {each for value in units.values() for each in _listed(value) if each != about}
    if not numbers and not named:
        return data
    values = {"numbers": list(numbers.values()), "units": [UUID(each) for each in named]}
    found = (await tx.session.execute(_NOW, values)).all()
    if not found:
        return data
    number_now = {int(row.was): int(row.now) for row in found if row.what == "number"}
    unit_now = {row.was: row.now for row in found if row.what == "unit"}
    changes: dict[str, object] = {
        name: number_now[value] for name, value in numbers.items() if value in number_now and about not in unit_now
    }
    for name, value in units.items():
        if isinstance(value, list):
            changes[name] = [unit_now.get(each, each) for each in value]
        elif value in unit_now:
            changes[name] = unit_now[value]
    return msgspec.structs.replace(data, **changes)


def _names_units(name: str) -> bool:
    return name in ("unit_id", "unit_ids") or name.endswith("_unit_id")


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return [value] if isinstance(value, str) else []
