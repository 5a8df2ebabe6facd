"""The approvals of this service: its features register here what their cases lead to and open cases through it."""

from collections.abc import Callable
from uuid import UUID

from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.hooks import Hook
from kernel.approvals.embed.schemas import CaseView
from kernel.approvals.model import Action
from kernel.db.transaction import Transaction


class FollowedApprovals(Approvals):
    """Approvals that a feature can follow step by step: what is public depends on where its case stands."""

    def __init__(self) -> None:
        super().__init__()
        self._followed: dict[str, Hook] = {}

    def followed(self, workflow: str) -> Callable[[Hook], Hook]:
        """Register what is called after every decision on a case of that workflow, in its transaction."""

        def register(hook: Hook) -> Hook:
            self._followed[workflow] = hook
            return hook

        return register

    async def decide(self, tx: Transaction, case_id: UUID, action: Action) -> CaseView:
        """As of `Approvals.decide`, then the follower of the workflow."""
        case = await super().decide(tx, case_id, action)
        hook = self._followed.get(case.workflow)
        if hook is not None:
            await hook(tx, case)
        return case


approvals = FollowedApprovals()
