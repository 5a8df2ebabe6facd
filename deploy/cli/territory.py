"""`shegong data describe`: describes a tenant as large as a real jurisdiction, for trials of its size.

Its counties are those of `divisions.yaml` beside the regulation; townships, communities and officials are made up and
named so. The description goes to `shegong tenant add`.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.failures import Refusal

app = typer.Typer(no_args_is_help=True, help="Made-up data for trials.")
DIVISIONS = "divisions.yaml"
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
FICTIONAL = 901
"""First of the made-up three digits below a county or township; the real ones are far below in every county."""
PER_PARENT = 99
"""More do not fit behind `FICTIONAL`."""


@app.callback()
def data() -> None:
    """Made-up data for trials."""


@app.command("describe")
def describe_territory(
    regulation: Annotated[Path, typer.Argument(help="Folder of a regulation with divisions.yaml in it.")],
    output: Annotated[Path, typer.Option(help="The description that is written.")],
    slug: Annotated[str, typer.Option(help="Short name in addresses.")] = "trial",
    townships: Annotated[int, typer.Option(min=1)] = 1000,
    communities: Annotated[int, typer.Option(min=1)] = 2500,
    officials: Annotated[int, typer.Option(min=3)] = 10000,
) -> None:
    """Describe a tenant of the regulation's whole territory, with made-up townships, communities and officials."""
    from kernel.regulation.loading import load

    file = regulation / DIVISIONS
    if not file.is_file():
        raise Refusal(f"There is no {file}", "name a regulation whose units down to the county are written there")
    known = read_divisions(file)
    levels = {kind: list(one.levels) for kind, one in load(regulation).document.departments.items()}
    lines = describe(slug, known, levels, townships=townships, communities=communities, officials=officials)
    output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    typer.echo(f"{output}: {len(known)} units of the regulation, {townships} townships, {communities} communities")


def read_divisions(file: Path) -> list[dict[str, Any]]:
    """The units of the file: code, name, level, code of the parent."""
    from kernel.regulation.reading import read_yaml

    return list(read_yaml(file.read_text(encoding="utf-8"), file.name).data["units"])


def describe(
    slug: str,
    divisions: Sequence[Mapping[str, Any]],
    levels: Mapping[str, Sequence[str]],
    *,
    townships: int,
    communities: int,
    officials: int,
    staffed: int | None = None,
) -> Iterator[str]:
    """The lines of the description. `levels`: the department kinds of the regulation and where it has them.

    Every unit has every department of its level, the administrators only the root. Only the three administrators get
    a first password. The same figures give the same description. `staffed`: how many units below the divisions have
    departments; default: all.
    """
    units = list(divisions)
    made = _below(lowest(units), townships, "township", "演示第{}街道")
    made += _below([unit["code"] for unit in made], communities, "community", "演示第{}社区")
    units += made
    bare = set() if staffed is None else {unit["code"] for unit in made[staffed:]}
    departments = [
        (unit["code"], kind)
        for unit in units
        if unit["code"] not in bare
        for kind, standing in levels.items()
        if unit["level"] in standing and (kind not in ADMINISTRATORS or unit.get("parent") is None)
    ]
    yield f"slug: {slug}"
    yield "title: {zh: 全域（演示）, en: The whole territory (demonstration)}"
    yield from _section("units", units)
    yield from _section("departments", [{"unit": unit, "kind": kind} for unit, kind in departments])
    yield from _section("users", _officials(departments, officials))


def lowest(divisions: Sequence[Mapping[str, Any]]) -> list[str]:
    """The codes of the divisions that have none below them."""
    above = {unit.get("parent") for unit in divisions}
    return [unit["code"] for unit in divisions if unit["code"] not in above]


def _below(parents: Sequence[str], count: int, level: str, name: str) -> list[dict[str, str]]:
    """So many units of the level, spread evenly over the parents."""
    if count > len(parents) * PER_PARENT:
        raise Refusal(f"{count} units of level {level} do not fit", f"at most {len(parents) * PER_PARENT}")
    ending = "000" if level == "township" else ""
    made = []
    for index in range(count):
        parent = parents[index % len(parents)]
        stem = parent.removesuffix("000") if len(parent) == 12 else parent
        code = f"{stem}{FICTIONAL + index // len(parents):03d}{ending}"
        made.append({"code": code, "name": name.format(index + 1), "level": level, "parent": parent})
    return made


def _officials(departments: Sequence[tuple[str, str]], count: int) -> Iterator[dict[str, Any]]:
    administrators = [place for place in departments if place[1] in ADMINISTRATORS]
    others = [place for place in departments if place[1] not in ADMINISTRATORS]
    places = itertools.cycle([(place, duty) for duty in ("handler", "approver") for place in others])
    held = itertools.chain([(place, "handler") for place in administrators], places)
    for number, ((unit, kind), duty) in enumerate(itertools.islice(held, count), 1):
        first = kind in ADMINISTRATORS
        yield {
            "user_name": kind.replace("_", ".") if first else f"official{number:06d}",
            "display_name": f"演示人员{number:06d}",
            "posts": [{"unit": unit, "department": kind, "duty": duty}],
            "first_password": first,
        }


def _section(name: str, items: Sequence[Mapping[str, Any]] | Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """JSON is YAML too, and quotes what has to be quoted."""
    yield f"{name}:"
    for item in items:
        yield f"  - {json.dumps(item, ensure_ascii=False)}"
