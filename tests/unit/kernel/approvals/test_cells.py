"""docs/approvals.md holds the table that the machine gives."""

from pathlib import Path
from typing import get_args

from kernel.approvals import cells
from kernel.approvals.acts import ACTION_LABELS, AT_STEP
from kernel.approvals.definition import STEP_KINDS
from kernel.approvals.model import ActionKind

PAGE = Path(__file__).resolve().parents[4] / "docs" / "approvals.md"


def test_the_page_is_what_the_machine_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert cells.markdown() in page, "run `shegong approvals` and put the table into the page"


def test_every_kind_and_every_action_has_its_place() -> None:
    assert set(AT_STEP) == set(STEP_KINDS)
    assert set(ACTION_LABELS) == set(get_args(ActionKind))
    assert set(cells.table()) == set(STEP_KINDS)
