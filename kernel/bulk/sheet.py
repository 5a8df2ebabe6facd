"""A sheet as it is agreed on: its columns, its rows as text, and what is wrong in a row. No file format here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernel.errors import FieldError, Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in the sheet, its name in code, whether each row needs it, what to write in it."""

    name: str
    heading: str
    note: str
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row (as the spreadsheet numbers it); `heading` names the column, where it is one."""

    row: int
    heading: str | None
    message: Text

    def as_error(self) -> FieldError:
        """The fault as a refusal shows it."""
        where = f"第{self.row}行" + (f"“{self.heading}”" if self.heading else "")
        pointer = f"/rows/{self.row}" + (f"/{self.heading}" if self.heading else "")
        return FieldError(pointer, Text(f"{where}：{self.message.zh}", f"row {self.row}: {self.message.en}"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was filled in: its number in the spreadsheet, and the text of each column by name ('' for none)."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]


@dataclass(slots=True)
class Sheet:
    """What was read: rows in the order of the sheet, and the faults found so far."""

    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    def fault(self, row: int, name: str | None, zh: str, en: str) -> None:
        """Note what is wrong in a row."""
        heading = next((column.heading for column in self.columns if column.name == name), None)
        self.faults.append(RowFault(row, heading, Text(zh, en)))
