"""`shegong articles`: the table article → rule → operation → test, and a failure where it has a hole (X3)."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.failures import Refusal
from deploy.cli.regulation import pack_folders

if TYPE_CHECKING:
    from deploy.cli.coverage import Operation, Row

ROOT = Path(__file__).resolve().parents[2]


def declared_operations() -> "list[Operation]":
    """The operations that the services and the gateway declare, with the articles each serves."""
    from deploy.cli.coverage import Operation
    from deploy.cli.operations import every_operation

    return [Operation(each.id, each.articles) for each in every_operation()]


def make_app(operations: "Callable[[], Iterable[Operation]]" = declared_operations) -> typer.Typer:
    """The command; `operations` tells which operations exist."""
    made = typer.Typer(add_completion=False, help="Which rule, operation and test carry each article.")

    @made.callback(invoke_without_command=True)
    def articles(
        strict: Annotated[bool, typer.Option("--strict", help="Articles not built yet count as holes.")] = False,
        json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
        tests: Annotated[Path, typer.Option(help="Folder of the tests.")] = ROOT / "tests",
    ) -> None:
        """Print the table of every article; exit status 1 when one that is built lacks an operation or a test."""
        if not tests.is_dir():
            raise Refusal(f"There is no folder {tests}", "name the folder of the tests with --tests")
        from deploy.cli.coverage import holes, marked_tests, rows
        from kernel.regulation.loading import load

        table = rows([load(folder) for folder in pack_folders()], operations(), marked_tests(tests))
        missing = holes(table, strict=strict)
        if json_out:
            typer.echo(json.dumps([asdict(row) for row in table], ensure_ascii=False, indent=1))
        else:
            show(Console(), table, missing)
        if missing:
            raise typer.Exit(1)

    return made


def show(console: Console, table: "list[Row]", missing: "list[Row]") -> None:
    """The table for people; counts instead of long lists, holes named at the end."""
    printed = Table("条款 article", "status", "rule", "operation", "test", "hole / 说明")
    for row in table:
        note = ", ".join(row.holes) or row.reason or ""
        printed.add_row(row.article, row.status, _short(row.rules), _short(row.operations), _short(row.tests), note)
    console.print(printed)
    for row in missing:
        lacks = ", ".join(row.holes) or "not built yet"
        console.print(f"{row.article}: {lacks}", markup=False, highlight=False)
    waiting = sum(row.status == "not_yet" for row in table)
    console.print(f"{len(table)} articles, {len(missing)} with holes, {waiting} not yet", markup=False)


def _short(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""


app = make_app()
