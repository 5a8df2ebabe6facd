"""`shegong regulation check | mutate | explain | schema`: packs are proved before they come into force."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.failures import Refusal

app = typer.Typer(no_args_is_help=True, help="Regulations as data: check packs, explain rules.")
REGULATIONS = Path(__file__).resolve().parents[2] / "regulations"


@app.callback()
def regulation() -> None:
    """Regulations as data: check packs, explain rules."""


def pack_folders(root: Path = REGULATIONS) -> list[Path]:
    """Folders that hold a pack; a folder with only its official text is not one yet."""
    return sorted(path.parent for path in root.glob("*/pack.yaml"))


def resolve(pack: str) -> Path:
    """The folder that a pack's id or path names."""
    for folder in (Path(pack), REGULATIONS / pack):
        if (folder / "pack.yaml").is_file():
            return folder
    known = ", ".join(folder.name for folder in pack_folders())
    raise Refusal(f"There is no regulation pack {pack}", f"name a folder with a pack.yaml, or one of: {known}")


@contextlib.contextmanager
def refusals(pack: str) -> Iterator[None]:
    """Say shortly that a pack has faults, with the first of them."""
    from kernel.regulation.faults import PackRefused

    try:
        yield
    except PackRefused as refused:
        raise Refusal(f"The pack {pack} is refused ({refused})", f"see `shegong regulation check {pack}`") from None


def faults_of(folder: Path) -> Iterator[str]:
    """Every fault of the pack, of its cases and of the demonstration tenant beside it, one line each."""
    from kernel.regulation.cases import run_cases
    from kernel.regulation.demonstration import FILE, check_demonstration
    from kernel.regulation.faults import PackRefused
    from kernel.regulation.loading import load

    try:
        pack = load(folder, REGULATIONS)
        if (folder / FILE).is_file():
            check_demonstration(folder / FILE, pack)
    except PackRefused as refused:
        yield from map(str, refused.faults)
        return
    for result in run_cases(pack, folder / "cases"):
        if result.failure is not None:
            yield f"{folder.name}/{result.file}: {result.name}: {result.failure}"


def overlaps_of(folders: list[Path]) -> Iterator[str]:
    """Versions of one regulation that hold on the same day, one line each; a folder with faults is passed by."""
    from kernel.regulation.faults import PackRefused
    from kernel.regulation.loading import Parts, parts
    from kernel.regulation.versions import version_faults

    written: list[Parts] = []
    for folder in folders:
        with contextlib.suppress(PackRefused):
            written.append(parts(folder, library=REGULATIONS))
    yield from map(str, version_faults(written))


@app.command()
def check(
    folders: Annotated[
        list[str] | None, typer.Argument(help="Packs by id or folder; default: every pack in regulations/.")
    ] = None,
) -> None:
    """Check packs with their cases; versions of one regulation that are named together may not overlap.

    Exit status 1 when anything is wrong, each fault on a line with its place.
    """
    console = Console(soft_wrap=True)
    failed = False
    paths = [resolve(folder) for folder in folders] if folders else pack_folders()
    for path in paths:
        faults = list(faults_of(path))
        failed = failed or bool(faults)
        for fault in faults:
            console.print(fault, markup=False, highlight=False)
        summary = f"{len(faults)} faults" if faults else "in order"
        console.print(f"{path.name}: {summary}", markup=False, highlight=False)
    for fault in overlaps_of(paths):
        failed = True
        console.print(fault, markup=False, highlight=False)
    if failed:
        raise typer.Exit(1)


@app.command()
def explain(
    pack: Annotated[str, typer.Argument(help="A pack's id or folder.")],
    rule: Annotated[str, typer.Argument(help="A rule's id, or a group of rules.")],
    facts: Annotated[str, typer.Option(help="Facts as a JSON object.")] = "{}",
    determinations: Annotated[str, typer.Option(help="Determinations by rule id, as a JSON object.")] = "{}",
    json_out: Annotated[bool, typer.Option("--json", help="Print the finding as JSON.")] = False,
) -> None:
    """Evaluate a rule, or each rule of a group, on given facts: findings with article and words; nothing is stored."""
    from kernel.clock import local_date, utcnow
    from kernel.errors import Problem
    from kernel.regulation.loading import load
    from kernel.regulation.pack import UnknownMember

    with refusals(pack):
        loaded = load(resolve(pack), REGULATIONS)
    given, determined = _object(facts, "--facts"), _object(determinations, "--determinations")
    day, group = local_date(utcnow()), loaded.rules_of(rule)
    try:
        if group:
            findings = loaded.evaluate_group(rule, given, determined, on=day)
        else:
            findings = [loaded.evaluate(rule, given, determined, on=day)]
    except UnknownMember as error:
        groups = {each.group for each in loaded.document.rules.values()}
        known = ", ".join([*sorted(groups), *sorted(loaded.document.rules)])
        raise Refusal(f"The pack {loaded.id} has no rule {rule}", f"name one of: {known}") from error
    except Problem as problem:
        details = "; ".join(each.message.en for each in problem.errors) or str(problem)
        raise Refusal(f"{rule} cannot be evaluated", details) from problem
    told = [finding.as_json() for finding in findings]
    if json_out:
        typer.echo(json.dumps(told if group else told[0], ensure_ascii=False, indent=1))
        return
    for one in told:
        table = Table(show_header=False)
        for name, value in one.items():
            table.add_row(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        Console().print(table)


@app.command()
def mutate(
    pack: Annotated[str | None, typer.Argument(help="A pack's id or folder; default: every pack.")] = None,
    tests: Annotated[Path, typer.Option(help="Folder of the unit tests that survivors are run against.")] = (
        REGULATIONS.parent / "tests" / "unit"
    ),
    skip_tests: Annotated[
        bool, typer.Option("--skip-tests", help="Only the pack's own cases, in this process.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Run the tests also for what only a restatement notices; slow.")
    ] = False,
    only: Annotated[str, typer.Option(help="Only members and fields whose path fits, as rules.eligibility.*")] = "*",
    json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Change every number, bound, strictness and order of a pack, one at a time, in memory, and see who notices.

    Exit status 1 where a mutant survives that survivors.yaml beside the pack does not list with its reason.
    """
    from deploy.cli.mutation import prove

    if not skip_tests and not tests.is_dir():
        raise Refusal(f"There is no folder {tests}", "name the folder of the unit tests, or give --skip-tests")
    failed = False
    for folder in [resolve(pack)] if pack else pack_folders():
        with refusals(str(folder)):
            report = prove(folder, REGULATIONS, tests=None if skip_tests else tests, deep=deep, only=only)
        failed = failed or report.failed
        if json_out:
            typer.echo(report.as_json())
            continue
        for line in report.lines:
            said = line.noticed or (f"may survive: {line.reason}" if line.reason else "SURVIVES")
            typer.echo(f"{line.path}: {line.change}: {said}")
        for entry in report.stale:
            typer.echo(f"{entry}: listed in survivors.yaml, and nothing survives there; remove the entry")
        survive = sum(line.noticed is None for line in report.lines)
        typer.echo(f"{report.pack}: {report.mutants} mutants, {survive} survive, {report.restated} only restated")
    if failed:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the pack language, as published in regulations/schema.json."""
    from kernel.regulation.schema import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True))


def _object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Refusal(f"{option} is no JSON object", "write it as '{\"age_years\": 41}'")
    return value
