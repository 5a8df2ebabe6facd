"""Units from a sheet: held against the tree and the regulation's levels, then made by one decision."""

from collections.abc import Mapping

from gateway.directory.imports import queries, rules
from gateway.directory.imports.schemas import ImportView
from gateway.directory.reorganisation import actions as reorganisation
from gateway.directory.reorganisation import rules as tree
from gateway.directory.reorganisation.schemas import Decided
from gateway.directory.tables import Unit
from kernel.bulk.sheet import Row, Sheet
from kernel.db.transaction import Transaction
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.pack import Pack


async def run(tx: Transaction, sheet: Sheet, document: str, *, dry_run: bool) -> ImportView:
    """Make the units of the sheet today, by that decision; with faults in the sheet, or on a trial, none."""
    standing = {unit.code: unit for unit in await queries.open_units(tx)}
    pack = await org.pack(tx)
    named = _levels(pack)
    taken = await queries.taken_codes(tx, [row["code"] for row in sheet.rows])
    rows = _first_of_each(sheet)
    levels = {code: named.get(row["level"].casefold(), "") for code, row in rows.items()}
    for code, row in rows.items():
        _check(sheet, row, levels, list(pack.document.levels), standing)
        if code in taken:
            sheet.fault(row.number, "code", "已被现有机构使用", "an open unit has this code")
    ordered, circle = rules.in_order({code: row["parent"] for code, row in rows.items()})
    for code in circle:
        sheet.fault(rows[code].number, "parent", "上级关系成环", "the units are above each other in a circle")
    view = ImportView(kind="units", dry_run=dry_run, rows=len(sheet.rows), errors=[])
    if sheet.faults or not rows:
        return view
    view.units = len(rows)
    if not dry_run:
        ids = {code: str(new_id()) for code in ordered}
        made = [
            {
                "id": ids[code],
                "parent_id": ids.get(rows[code]["parent"]) or str(standing[rows[code]["parent"]].id),
                "level": levels[code],
                "code": code,
                "title": rows[code]["title"],
            }
            for code in ordered
        ]
        near = standing[rows[ordered[0]]["parent"]]
        decided = Decided(valid_from=tx.today, reason="表格导入", document=document)
        await reorganisation.make_many(tx, near, decided, made)
    return view


def _levels(pack: Pack) -> dict[str, str]:
    """The regulation's levels by every name they may be written by."""
    named: dict[str, str] = {}
    for code, level in pack.document.levels.items():
        for label in (level.name, *level.forms):
            named[label.zh.casefold()] = named[label.en.casefold()] = code
        named[code] = code
    return named


def _first_of_each(sheet: Sheet) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in sheet.rows:
        first = rows.setdefault(row["code"], row)
        if first is not row and row["code"]:
            sheet.fault(row.number, "code", f"与第{first.number}行重复", f"the same as in row {first.number}")
    return rows


def _check(sheet: Sheet, row: Row, levels: Mapping[str, str], order: list[str], standing: Mapping[str, Unit]) -> None:
    """What is wrong in the row by itself and against its parent. Empty cells are faults already."""
    number, code, parent = row.number, row["code"], row["parent"]
    if code and not tree.is_code(code):
        sheet.fault(number, "code", "应为六位或十二位数字", "six or twelve digits")
    if len(row["title"]) > rules.TITLE_LENGTH:
        sheet.fault(number, "title", f"超过{rules.TITLE_LENGTH}个字符", f"more than {rules.TITLE_LENGTH} characters")
    if row["level"] and not levels[code]:
        sheet.fault(number, "level", "本办法没有此层级", "the regulation has no such level")
    if not parent:
        return
    above = standing[parent].level if parent in standing else levels.get(parent)
    if above is None:
        sheet.fault(number, "parent", "没有此机构，或不在管辖范围内", "there is no such unit in your scope")
    elif levels[code] and above and not tree.lies_under(order, levels[code], above):
        sheet.fault(number, "parent", "上级的层级应更高", "the parent has to be of a higher level")
