"""`shegong permissions`: operation → permission, and who holds each under each regulation; fails where it lies (T5)."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from deploy.cli.failures import Refusal
from deploy.cli.regulation import REGULATIONS, pack_folders
from kernel.errors import Text

if TYPE_CHECKING:
    from deploy.cli.matrix import Matrix
    from deploy.cli.operations import Operation
    from kernel.regulation.pack import Pack

UNHELD = REGULATIONS / "unheld.yaml"


def permissions(
    regulation: Annotated[str | None, typer.Option(help="Only the matrix of this regulation.")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/permissions.md.")] = False,
    check: Annotated[Path | None, typer.Option(help="A kept page that must be the present one.")] = None,
) -> None:
    """Print every operation with its permission, and who holds it; exit status 1 where the table has a fault."""
    from deploy.cli import permission_page
    from deploy.cli.matrix import faults
    from deploy.cli.operations import every_operation
    from kernel.access.permission import declared

    operations, matrices, unheld = every_operation(), matrices_of(), read_unheld()
    wrong = list(faults(operations, declared(), matrices, unheld))
    shown = [matrix for matrix in matrices if regulation in (None, matrix.id)]
    if not shown:
        known = ", ".join(matrix.id for matrix in matrices)
        raise Refusal(f"There is no regulation {regulation}", f"name one of: {known}")
    if check is not None:
        page = permission_page.page(operations, declared(), matrices, unheld)
        if not check.is_file() or check.read_text(encoding="utf-8") != page:
            wrong.append(f"{check} is not the present page: run `shegong permissions --markdown > {check}`")
    elif markdown:
        typer.echo(permission_page.page(operations, declared(), shown, unheld), nl=False)
    elif json_out:
        typer.echo(json.dumps(as_json(operations, shown), ensure_ascii=False, indent=1))
    else:
        _show(Console(), operations, shown)
    for fault in wrong:
        Console(stderr=True, soft_wrap=True).print(fault, markup=False, highlight=False)
    if wrong:
        raise typer.Exit(1)


def matrices_of(root: Path = REGULATIONS) -> "list[Matrix]":
    """The matrix of every regulation that people live under."""
    from deploy.cli.matrix import matrix_of

    packs = packs_of(root)
    return [matrix_of(pack, packs.get(str(pack.document.pack.parent))) for pack in lived_under(packs)]


def packs_of(root: Path = REGULATIONS) -> "Mapping[str, Pack]":
    """Every regulation of the folder, by its id."""
    from kernel.regulation.faults import PackRefused
    from kernel.regulation.loading import load

    try:
        return {folder.name: load(folder) for folder in pack_folders(root)}
    except PackRefused as refused:
        raise Refusal("A regulation is not in order", "; ".join(map(str, refused.faults))) from refused


def lived_under(packs: "Mapping[str, Pack]") -> "list[Pack]":
    """The regulations that people live under; a layer of the whole country alone is none."""
    return [pack for pack in packs.values() if pack.document.pack.parent is not None]


def read_unheld(file: Path = UNHELD) -> dict[str, dict[str, Text]]:
    """By regulation, the permissions that nobody holds under it, with the reason."""
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return {
        regulation: {name: Text(reason["zh"], reason["en"]) for name, reason in names.items()}
        for regulation, names in content.items()
    }


def as_json(operations: "Sequence[Operation]", matrices: "Sequence[Matrix]") -> Mapping[str, Any]:
    """The table for programs."""
    from kernel.access.permission import declared

    return {
        "operations": [
            {"method": each.method, "path": each.path, "service": each.service, "permission": each.permission}
            for each in operations
        ],
        "permissions": [
            {"name": each.name, "audience": each.audience, "zh": each.label.zh, "en": each.label.en}
            for each in sorted(declared().values(), key=lambda one: one.name)
        ],
        "regulations": {
            matrix.id: {
                name: [
                    {"department": seat.department, "level": seat.level, "duty": seat.duty} for seat in sorted(seats)
                ]
                for name, seats in sorted(matrix.seats.items())
            }
            for matrix in matrices
        },
    }


def _show(console: Console, operations: "Sequence[Operation]", matrices: "Sequence[Matrix]") -> None:
    from deploy.cli.matrix import spoken
    from kernel.access.permission import declared

    table = Table("operation", "permission", "名称", "audience")
    for each in operations:
        held = declared().get(each.permission)
        label, audience = (held.label.zh, held.audience) if held else ("", "")
        table.add_row(f"{each.method} {each.path}", each.permission, label, audience)
    console.print(table)
    for matrix in matrices:
        table = Table("permission", "岗位 posts", title=matrix.title.zh)
        for name in sorted(matrix.seats):
            held_by = (f"{matrix.departments[kind].zh}：{places}" for kind, places in spoken(matrix, name))
            table.add_row(name, "\n".join(held_by))
        console.print(table)
