"""What an import answers; the workbook itself comes as the body."""

from typing import Literal

from kernel.http.schema import View


class RowError(View):
    """What is wrong in a row, as the spreadsheet numbers it, in the asker's language."""

    row: int
    column: str | None
    message: str


class ImportView(View):
    """What was made, or on a trial (`dry_run`) would be, and what is wrong. With errors nothing is made."""

    kind: Literal["units", "officials"]
    dry_run: bool
    rows: int
    units: int = 0
    users: int = 0
    posts: int = 0
    errors: list[RowError]
