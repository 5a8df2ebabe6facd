"""The changes themselves, on the locked tree: checks, new numbers, versions, and the news of them.

Part of this feature's actions, apart from them since deciding and doing may be months apart.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from gateway.directory import actions as directory
from gateway.directory import queries as units
from gateway.directory.reorganisation import offices, queries, rules
from gateway.directory.tables import Reorganisation, RetiredRange, Unit
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, NotFound, Text, WrongState
from kernel.events.outbox import emit
from kernel.org import queries as org
from kernel.org.published import UnitsRenumbered


@dataclass(slots=True)
class Work:
    """One reorganisation at work: the locked tree, its numbers, and whom there is news of."""

    tx: Transaction
    row: Reorganisation
    units: dict[UUID, Unit]
    numbers: rules.Numbering[UUID]
    levels: list[str]
    made: list[Unit] = field(default_factory=list)
    changed: dict[UUID, Unit] = field(default_factory=dict)
    merged: list[tuple[Unit, Unit]] = field(default_factory=list)
    split: list[tuple[Unit, Unit]] = field(default_factory=list)
    offices: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What becomes of departments and posts, once the tree stands."""

    def open_unit(self, unit_id: UUID | str) -> Unit:
        """A unit that stands on the day."""
        unit = self.units.get(UUID(str(unit_id)))
        if unit is None:
            raise NotFound
        if unit.valid_before is not None:
            raise WrongState(Text(f"{unit.title}已撤销", f"{unit.title} is closed."))
        return unit

    def open_children(self, unit: Unit) -> list[Unit]:
        """The units right below that are open."""
        return [each for each in self.units.values() if each.parent_id == unit.id and each.valid_before is None]


async def carry_out(tx: Transaction, row: Reorganisation) -> None:
    """Carry out one reorganisation on the business day of `tx`. Raises why it cannot be done."""
    # One at a time in a tenant: each is numbered on the tree that the one before it left.
    await units.lock_tenant(tx)
    tree = {unit.id: unit for unit in await queries.every_unit(tx)}
    numbers = rules.Numbering(
        {unit.id: unit.successor_id or unit.parent_id for unit in tree.values()},
        {unit.id: (unit.unit_no, unit.last_no) for unit in tree.values()},
        await queries.retired(tx),
    )
    work = Work(tx, row, tree, numbers, list((await org.pack(tx)).document.levels))
    try:
        await _HOW[row.kind](work, row.details)
    except rules.TreeFull as full:
        raise Conflict(Text("机构编号已用尽", "The numbers of units are used up.")) from full
    await _store(work)


async def _create(work: Work, details: Mapping[str, Any]) -> None:
    parent = work.open_unit(details["parent_id"])
    _make(work, work.row.unit_id, parent, details["level"], details["code"], details["title"])


def _make(work: Work, unit_id: UUID, parent: Unit, level: str, code: str, title: str) -> Unit:
    _check_new(work, parent, level, code)
    work.numbers.put(unit_id, parent.id)
    return _build(work, unit_id, parent, level, code, title)


async def _import(work: Work, details: Mapping[str, Any]) -> None:
    """Many units at once, each behind its parent; a subtree is numbered as a whole."""
    made = [(UUID(each["id"]), UUID(each["parent_id"]), each) for each in details["units"]]
    new = {unit_id for unit_id, _, _ in made}
    work.numbers.parents.update({unit_id: parent_id for unit_id, parent_id, _ in made})
    for unit_id, parent_id, _ in made:
        if parent_id not in new and unit_id not in work.numbers.ranges:
            work.numbers.put(unit_id, parent_id)
    for unit_id, parent_id, each in made:
        parent = work.open_unit(parent_id)
        _check_new(work, parent, each["level"], each["code"])
        _build(work, unit_id, parent, each["level"], each["code"], each["title"])


def _check_new(work: Work, parent: Unit, level: str, code: str) -> None:
    _check_level(work, level, parent)
    if any(each.code == code and each.valid_before is None for each in work.units.values()):
        raise Conflict(
            Text(f"代码{code}已被现有机构使用", f"An open unit has the code {code}."),
            errors=[FieldError("/code", Text("已被使用", "taken"))],
        )


def _build(work: Work, unit_id: UUID, parent: Unit, level: str, code: str, title: str) -> Unit:
    lo, hi = work.numbers.ranges[unit_id]
    made = Unit(
        tenant_id=work.tx.tenant,
        id=unit_id,
        unit_no=lo,
        last_no=hi,
        level=level,
        code=code,
        title=title,
        parent_id=parent.id,
        valid_from=work.row.valid_from,
    )
    work.units[unit_id] = made
    work.made.append(made)
    return made


def _check_level(work: Work, level: str, parent: Unit) -> None:
    if not rules.lies_under(work.levels, level, parent.level):
        message = Text("该层级不能设在所选上级之下", "A unit of this level does not lie under one of that level.")
        raise InvalidInput(message, errors=[FieldError("/parent_id", message)])


async def _rename(work: Work, details: Mapping[str, Any]) -> None:
    unit = work.open_unit(work.row.unit_id)
    unit.title = details["title"]
    work.changed[unit.id] = unit


async def _move(work: Work, details: Mapping[str, Any]) -> None:
    unit, parent = work.open_unit(work.row.unit_id), work.open_unit(details["parent_id"])
    if parent.id in rules.subtree(work.numbers.parents, unit.id):
        raise _wrong("/parent_id", Text("不能移到自身之下", "A unit does not move below itself."))
    if unit.parent_id == parent.id:
        raise _wrong("/parent_id", Text("已在该上级之下", "It lies there already."))
    _check_level(work, unit.level, parent)
    _put_under(work, unit, parent)


def _put_under(work: Work, unit: Unit, parent: Unit) -> None:
    unit.parent_id = parent.id
    work.changed[unit.id] = unit
    work.numbers.put(unit.id, parent.id)


async def _merge(work: Work, details: Mapping[str, Any]) -> None:
    unit, into = work.open_unit(work.row.unit_id), work.open_unit(details["into_id"])
    _check_not_top(unit)
    if unit.id == into.id:
        raise _wrong("/into_id", Text("不能并入自身", "A unit is not merged into itself."))
    if unit.level != into.level:
        raise _wrong("/into_id", Text("只能并入同层级的机构", "It is merged into a unit of its own level."))
    for child in work.open_children(unit):
        _put_under(work, child, into)
    # What cannot be handed over stays with the closed unit: so it is numbered where its successor sees it.
    unit.successor_id = into.id
    work.numbers.put(unit.id, into.id)
    work.merged.append((unit, into))
    _end(work, unit, details, into)


async def _split(work: Work, details: Mapping[str, Any]) -> None:
    unit = work.open_unit(work.row.unit_id)
    _check_not_top(unit)
    parent = work.open_unit(str(unit.parent_id))
    children = {each.id: each for each in work.open_children(unit)}
    for part in details["parts"]:
        made = _make(work, UUID(part["id"]), parent, unit.level, part["code"], part["title"])
        for child_id in map(UUID, part["children"]):
            child = children.pop(child_id, None)
            if child is None:
                raise _wrong("/parts", Text("所列下级机构不在其下", "A unit named is not right below it."))
            _put_under(work, child, made)
        work.split.append((unit, made))
        kinds, posts = part.get("departments"), [UUID(each) for each in part.get("posts", ())]
        day = work.row.valid_from
        work.offices.append(partial(offices.furnish, work.tx, unit, made, day, kinds=kinds, posts=posts))


async def _close(work: Work, details: Mapping[str, Any]) -> None:
    if "into_id" in details:
        await _merge(work, details)
        return
    unit = work.open_unit(work.row.unit_id)
    _check_not_top(unit)
    below = work.open_children(unit)
    if below:
        raise WrongState(
            Text(
                f"下设{len(below)}个机构尚未撤并，须指定承接机构",
                f"{len(below)} units below are open: a successor is to be named.",
            )
        )
    _end(work, unit, details)


def _check_not_top(unit: Unit) -> None:
    if unit.parent_id is None:
        raise WrongState(Text("最上级机构不能撤销或拆分", "The topmost unit is neither closed nor split."))


def _end(work: Work, unit: Unit, details: Mapping[str, Any], into: Unit | None = None) -> None:
    """Close the unit, with its departments and posts; `posts` says what becomes of those who hold one."""
    # What was planned before there was a choice ends them.
    day, posts = work.row.valid_from, details.get("posts", "end")
    unit.valid_before = max(day, unit.valid_from)
    work.changed[unit.id] = unit
    if posts == "move" and into is not None:
        work.offices.append(partial(offices.move, work.tx, unit, into, day))
    elif posts == "refuse":
        work.offices.append(partial(offices.refuse_held, work.tx, unit, day))
    work.offices.append(partial(offices.end, work.tx, unit, day))


_HOW: Mapping[str, Callable[[Work, Mapping[str, Any]], Awaitable[None]]] = {
    "create": _create,
    "import": _import,
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "close": _close,
}


async def _store(work: Work) -> None:
    """Write numbers and versions, and tell: of each unit that changed, and of the numbers in one event of the tree."""
    tx, numbers = work.tx, work.numbers
    renumbered = numbers.renumbered()
    for unit_id in renumbered:
        was = numbers.before[unit_id]
        tx.session.add(RetiredRange(tenant_id=tx.tenant, first_no=was[0], end_no=was[1], unit_id=unit_id))
    for unit_id in (*renumbered, *numbers.widened()):
        unit = work.units[unit_id]
        unit.unit_no, unit.last_no = numbers.ranges[unit_id]
        unit.version += 1
    for made in work.made:
        made.unit_no, made.last_no = numbers.ranges[made.id]
        # Before what moves below it is flushed: the foreign key is checked row by row.
        with tx.session.no_autoflush:
            await queries.insert_unit(tx, made)
    await tx.session.flush()
    for made in work.made:
        tx.session.add(directory.first_version(made, work.row.id))
    for unit in work.changed.values():
        unit.version += 1
        await directory.write_version(tx, unit, work.row.valid_from, work.row.id)
    told = {made.id: made for made in work.made} | work.changed
    told |= {unit_id: work.units[unit_id] for unit_id in numbers.widened()}
    for unit in told.values():
        await directory.tell_unit(tx, unit)
    for settle in work.offices:
        await settle()
    if renumbered or work.merged or work.split:
        await _tell_tree(work, renumbered)


async def _tell_tree(work: Work, renumbered: list[UUID]) -> None:
    numbers = work.numbers
    event = UnitsRenumbered(
        valid_from=work.row.valid_from.isoformat(),
        document=work.row.document,
        unit_ids=[str(unit_id) for unit_id in renumbered],
        old_nos=[numbers.before[unit_id][0] for unit_id in renumbered],
        unit_nos=[numbers.ranges[unit_id][0] for unit_id in renumbered],
        last_nos=[numbers.ranges[unit_id][1] for unit_id in renumbered],
        merged_ids=[str(unit.id) for unit, _ in work.merged],
        into_ids=[str(into.id) for _, into in work.merged],
        split_ids=[str(unit.id) for unit, _ in work.split],
        part_ids=[str(part.id) for _, part in work.split],
    )
    work.tx.position(await emit(work.tx, event, aggregate_id=work.tx.tenant))


def _wrong(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(message, errors=[FieldError(pointer, message)])
