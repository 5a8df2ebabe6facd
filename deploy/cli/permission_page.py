"""The page docs/permissions.md: the head by hand, every table from the program and the regulations."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from deploy.cli.matrix import Matrix, spoken
from deploy.cli.operations import Operation
from deploy.cli.page_table import head, row
from kernel.access.permission import Permission
from kernel.errors import Text

HEAD = Path(__file__).with_name("permission_page_head.md")
AUDIENCES = {
    "official": "官员 official",
    "person": "本人 person",
    "public": "公众 public",
    "client": "应用 client",
    "signed-in": "登录者 signed-in",
}


def page(
    operations: Sequence[Operation],
    permissions: Mapping[str, Permission],
    matrices: Sequence[Matrix],
    unheld: Mapping[str, Mapping[str, Text]],
) -> str:
    """The whole page; the same for the same program and regulations."""
    blocks = [
        HEAD.read_text(encoding="utf-8").rstrip("\n"),
        "## Operations",
        "\n".join(_operations(operations, permissions)),
    ]
    for matrix in matrices:
        blocks += [f"## {matrix.title.zh}", f"`{matrix.id}`: {matrix.title.en}."]
        for service, names in groupby(sorted(matrix.seats), key=lambda name: name.split(".")[0]):
            blocks += [f"### {matrix.id}: {service}", "\n".join(_matrix(matrix, list(names), permissions))]
        reasons = unheld.get(matrix.id, {})
        if reasons:
            blocks += [f"### {matrix.id}: 无人持有 held by nobody", "\n".join(_reasons(reasons, permissions))]
    return "\n\n".join(blocks) + "\n"


def _operations(operations: Sequence[Operation], permissions: Mapping[str, Permission]) -> Iterator[str]:
    yield from head("operation", "permission", "名称", "holders")
    for each in operations:
        held = permissions[each.permission]
        yield row(f"`{each.method} {each.path}`", f"`{held.name}`", held.label.zh, AUDIENCES[held.audience])


def _matrix(matrix: Matrix, names: Sequence[str], permissions: Mapping[str, Permission]) -> Iterator[str]:
    cells = {name: dict(spoken(matrix, name)) for name in names}
    kinds = [kind for kind in matrix.departments if any(kind in each for each in cells.values())]
    yield from head("permission", "名称", *(matrix.departments[kind].zh for kind in kinds))
    for name in names:
        if cells[name]:
            label = permissions[name].label.zh if name in permissions else ""
            yield row(f"`{name}`", label, *(cells[name].get(kind, "") for kind in kinds))


def _reasons(reasons: Mapping[str, Text], permissions: Mapping[str, Permission]) -> Iterator[str]:
    yield from head("permission", "名称", "原因", "reason")
    for name, reason in sorted(reasons.items()):
        yield row(f"`{name}`", permissions[name].label.zh if name in permissions else "", reason.zh, reason.en)
