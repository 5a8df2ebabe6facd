"""Setting up and closing departments. What kinds there are, and at which level, the regulation says."""

from datetime import date
from uuid import UUID

from gateway.directory import actions as directory
from gateway.directory import queries as units
from gateway.directory import rules
from gateway.directory.department import queries
from gateway.directory.department.schemas import DepartmentClose, DepartmentMake
from gateway.directory.schemas import DepartmentView
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, Text, WrongState
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.org import queries as org
from kernel.regulation.pack import Pack


def known_kind(pack: Pack, kind: str, level: str) -> bool:
    """Whether the regulation has such a department at that level."""
    written = pack.document.departments.get(kind)
    return written is not None and level in written.levels


def name_of(pack: Pack, kind: str, on: date) -> str:
    """What the regulation calls the department on a day; organs are renamed by reforms."""
    names = pack.document.departments[kind].names
    held = [name for name in names if name.valid_from <= on]
    return (held or names)[-1].name.zh


async def make(tx: Transaction, body: DepartmentMake) -> DepartmentView:
    """Set up a department. Raises `NotFound` outside the scope, `InvalidInput`, `Conflict` for a second of the kind."""
    unit = await units.unit(tx, body.unit_id, lock=True)
    pack = await org.pack(tx)
    if not known_kind(pack, body.kind, unit.level):
        raise _wrong("/kind", Text("办法未在该层级设此部门", "The regulation has no such department at this level."))
    if not rules.within((body.valid_from, unit.valid_before), (unit.valid_from, unit.valid_before)):
        raise _wrong("/valid_from", Text("机构在该日不存续", "The unit does not stand on that day."))
    for other in await queries.of_kind(tx, unit.id, body.kind):
        if rules.meet((body.valid_from, None), (other.valid_from, other.valid_before)):
            raise Conflict(Text("该机构已有此部门", "The unit has a department of this kind already."))
    title = body.title or name_of(pack, body.kind, body.valid_from)
    row = await directory.make_department(tx, unit, body.kind, title, body.valid_from)
    await audit(tx, "directory.department.made", subject_type="department", subject_id=row.id)
    return DepartmentView.model_validate(row)


async def close(tx: Transaction, department_id: UUID, version: int, body: DepartmentClose) -> DepartmentView:
    """Close a department on a day. Raises `WrongState` while posts in it run longer: somebody holds them."""
    row = await queries.lock(tx, department_id)
    check_version(row.version, version)
    if row.valid_from is not None and body.valid_before <= row.valid_from:
        raise _wrong("/valid_before", Text("须晚于设立之日", "must be later than the first day"))
    if row.valid_before is not None and body.valid_before > row.valid_before:
        raise WrongState(Text("已撤销的部门不能延长，请重新设立", "A closed department is not prolonged; set up anew."))
    if held := await queries.posts_after(tx, row.id, body.valid_before):
        raise WrongState(
            Text(f"尚有{held}个岗位未于该日前结束", f"{held} posts of the department are not over by that day.")
        )
    row.valid_before = body.valid_before
    row.version += 1
    await tx.session.flush()
    await audit(tx, "directory.department.closed", subject_type="department", subject_id=row.id)
    return DepartmentView.model_validate(row)


def _wrong(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(errors=[FieldError(pointer, message)])
