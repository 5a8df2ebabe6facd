"""Values that name members: a level, a department, a category, a relation or a role of this very pack.

What a value names follows from the end of the parameter's name (`…_level`, `…_categories`) or from the column of a
table (`role`, `department`), as services read them.
"""

from collections.abc import Iterator, Mapping

from kernel.regulation.faults import Fault
from kernel.regulation.reading import Path_, Source
from kernel.regulation.schema import PackDocument, Parameter
from kernel.regulation.schema.organisation import LEVEL_CODES

ENDINGS = {
    "_level": "levels",
    "_levels": "levels",
    "_department": "departments",
    "_departments": "departments",
    "_categories": "categories",
    "_relations": "relations",
    "_roles": "roles",
}
COLUMNS = {"role": "roles", "category": "categories", "department": "departments", "parts": "lists"}


def value_faults(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """Faults of values that name nothing in this pack."""
    for name, parameter in own.parameters.items():
        for path, value in _values(name, parameter):
            if parameter.kind == "rows" and isinstance(value, list):
                yield from _rows(effective, value, path, source)
                continue
            section = next((named for ending, named in ENDINGS.items() if name.endswith(ending)), None)
            if section is not None and parameter.kind in ("text", "texts"):
                items = value if isinstance(value, list) else [value]
                for index, item in enumerate(items):
                    place = (*path, index) if isinstance(value, list) else path
                    yield from _named(effective, section, item, place, source)


def _values(name: str, parameter: Parameter) -> Iterator[tuple[Path_, object]]:
    if parameter.value is not None:
        yield ("parameters", name, "value"), parameter.value
    for index, dated in enumerate(parameter.dated):
        yield ("parameters", name, "dated", index, "value"), dated.value


def _rows(effective: PackDocument, rows: list[object], path: Path_, source: Source) -> Iterator[Fault]:
    for index, row in enumerate(rows):
        for column, value in row.items() if isinstance(row, Mapping) else ():
            if column in COLUMNS:
                yield from _named(effective, COLUMNS[column], value, (*path, index, column), source)


def _named(effective: PackDocument, section: str, name: object, path: Path_, source: Source) -> Iterator[Fault]:
    known: Mapping[str, object] = getattr(effective, section)
    # A pack may speak of a level that only the state above it has (NM-24 bars organs of every level).
    if name in known or (section == "levels" and name in LEVEL_CODES):
        return
    yield source.fault(
        path,
        f"“{name}”不在 {section} 之中",
        f"{name!r} is none of this pack's {section}; mend the name or add it under `{section}`",
    )
