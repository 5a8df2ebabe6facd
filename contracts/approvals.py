"""Events of approval cases (A1–A5). Every service publishes them under its own name, so the shapes stand in
the kernel beside the machine; consumers find them here with all other contracts.
"""

from kernel.approvals.embed.published import (
    AGGREGATE,
    ApprovalCaseDecided,
    ApprovalCaseOpened,
    ApprovalStepOpened,
)

__all__ = ["AGGREGATE", "ApprovalCaseDecided", "ApprovalCaseOpened", "ApprovalStepOpened"]
