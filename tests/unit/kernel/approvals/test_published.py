"""The events of approval cases are publishable by any service, and found among the contracts."""

import pytest

import contracts.approvals
from kernel.events.event import Event, check


@pytest.mark.parametrize(
    "kind",
    [
        contracts.approvals.ApprovalCaseOpened,
        contracts.approvals.ApprovalStepOpened,
        contracts.approvals.ApprovalCaseDecided,
    ],
)
def test_an_event_of_a_case_is_of_no_single_service(kind: type[Event]) -> None:
    check(kind)
    assert (kind.source, kind.aggregate, kind.v) == ("", contracts.approvals.AGGREGATE, 1)
