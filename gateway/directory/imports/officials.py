"""Officials from a sheet: users and their posts, each row one post. Nobody gets a password by it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gateway.directory import bulk
from gateway.directory import rules as directory_rules
from gateway.directory.bulk import NewPost
from gateway.directory.imports import queries, rules
from gateway.directory.imports.columns import DUTIES
from gateway.directory.imports.schemas import ImportView
from gateway.directory.tables import Department, Unit, User
from kernel.bulk.sheet import Row, Sheet
from kernel.db.transaction import Transaction
from kernel.org import queries as org
from kernel.regulation.pack import Pack

DUTY_NAMES = DUTIES | {duty: duty for duty in DUTIES.values()}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A post of a row without faults."""

    row: Row
    department: Department
    unit: Unit
    duty: str
    valid_from: date
    valid_before: date | None


class _Known:
    """What the rows are held against."""

    def __init__(self, units: list[Unit], departments: list[Department], pack: Pack) -> None:
        self.units = {unit.code: unit for unit in units}
        self.departments: dict[tuple[UUID, str], list[Department]] = {}
        for department in departments:
            self.departments.setdefault((department.unit_id, department.kind), []).append(department)
        self.kinds = {
            name: kind
            for kind, written in pack.document.departments.items()
            for name in (kind, *(each.name.zh for each in written.names))
        }


async def run(tx: Transaction, sheet: Sheet, *, dry_run: bool) -> ImportView:
    """Make the users that are new and give the posts; with faults in the sheet, or on a trial, nothing."""
    users = await queries.users_named(tx, sorted({row["user_name"] for row in sheet.rows}))
    units = await queries.open_units(tx)
    written = {row["unit"] for row in sheet.rows}
    departments = await queries.departments_of(tx, [unit.id for unit in units if unit.code in written])
    known = _Known(units, departments, await org.pack(tx))
    wanted = [found for row in sheet.rows if (found := _post(sheet, row, known)) is not None]
    _check_names(sheet, users)
    await _check_apart(tx, sheet, wanted, users)
    new = {row["user_name"]: row["display_name"] for row in sheet.rows if row["user_name"] not in users}
    view = ImportView(kind="officials", dry_run=dry_run, rows=len(sheet.rows), errors=[])
    if sheet.faults:
        return view
    view.users, view.posts = len(new), len(wanted)
    if not dry_run:
        made = await bulk.make_officials(tx, list(new.items()))
        users |= {user.user_name: user for user in made}
        posts = [
            NewPost(users[one.row["user_name"]], one.department, one.unit, one.duty, one.valid_from, one.valid_before)
            for one in wanted
        ]
        await bulk.add_posts(tx, posts)
    return view


def _post(sheet: Sheet, row: Row, known: _Known) -> _Wanted | None:
    """The post of the row; None where the row says none that could be given, with the faults noted."""
    number, before = row.number, len(sheet.faults)
    unit = known.units.get(row["unit"])
    kind = known.kinds.get(row["department"])
    duty = DUTY_NAMES.get(row["duty"])
    first, last = rules.day(row["valid_from"]), rules.day(row["last_day"])
    if row["unit"] and unit is None:
        sheet.fault(number, "unit", "没有此机构，或不在管辖范围内", "there is no such unit in your scope")
    if row["department"] and kind is None:
        sheet.fault(number, "department", "本办法没有此部门", "the regulation has no such department")
    if row["duty"] and duty is None:
        sheet.fault(number, "duty", f"应为{'、'.join(DUTIES)}", f"one of {', '.join(DUTIES.values())}")
    for name, text, found in (("valid_from", row["valid_from"], first), ("last_day", row["last_day"], last)):
        if text and (found is None or rules.day_after(found) is None):
            sheet.fault(number, name, "不是有效日期，格式：2026-03-01", "no day; write it as 2026-03-01")
    if unit is None or kind is None or duty is None or first is None or len(sheet.faults) > before:
        return None
    if last is not None and last < first:
        sheet.fault(number, "last_day", "早于任职日期", "earlier than the first day")
        return None
    end = rules.day_after(last) if last else None
    for one in known.departments.get((unit.id, kind), ()):
        start = max(unit.valid_from, one.valid_from or unit.valid_from)
        if directory_rules.within((first, end or one.valid_before), (start, one.valid_before)):
            return _Wanted(row, one, unit, duty, first, end)
    sheet.fault(number, "department", "该机构在此期间没有此部门，请先设立", "the unit has no such department then")
    return None


def _check_names(sheet: Sheet, users: dict[str, User]) -> None:
    """A user name means one person: in the sheet, and with who has it already."""
    names: dict[str, str] = {name: user.display_name for name, user in users.items()}
    for row in sheet.rows:
        name, shown = row["user_name"], row["display_name"]
        if not name:
            continue
        if not rules.USER_NAME.match(name):
            sheet.fault(row.number, "user_name", "应为小写字母、数字、点、横线，3至64位", "3 to 64 of a-z, 0-9, . _ -")
        if len(shown) > rules.TITLE_LENGTH:
            sheet.fault(row.number, "display_name", "过长", "too long")
        user = users.get(name)
        if user is not None and (user.person_id is not None or user.status != "active"):
            sheet.fault(row.number, "user_name", "已被其他用户使用", "taken by somebody who is no official")
        elif names.setdefault(name, shown) != shown:
            sheet.fault(row.number, "display_name", "同一用户名对应不同姓名", "this user name stands for another name")


async def _check_apart(tx: Transaction, sheet: Sheet, wanted: list[_Wanted], users: dict[str, User]) -> None:
    """The three administrators stay apart (GB/T 22239-2019 8.1.5), with what users hold already."""
    if not wanted:
        return
    since = min(one.valid_from for one in wanted)
    held = await queries.kinds_held(tx, [user.id for user in users.values()], since)
    kinds = {name: set(held.get(user.id, ())) for name, user in users.items()}
    for one in wanted:
        mine = kinds.setdefault(one.row["user_name"], set())
        mine.add(one.department.kind)
        if directory_rules.mixes_administrators(mine):
            sheet.fault(
                one.row.number,
                "department",
                "系统、安全、审计管理员不得由一人兼任，也不得兼任其他岗位（GB/T 22239-2019 8.1.5）",
                "system, security and audit administrator are kept apart, and hold no other post",
            )
