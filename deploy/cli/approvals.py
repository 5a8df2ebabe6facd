"""`shegong approvals`: the table of step kinds and actions, as docs/approvals.md holds it."""

import sys


def approvals() -> None:
    """Print what each action does at each kind of step, worked out by the approval machine."""
    from kernel.approvals import cells

    sys.stdout.write(cells.markdown())
