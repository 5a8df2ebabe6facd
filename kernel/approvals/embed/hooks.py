"""What a service does when one of its cases ends: called in the transaction of the decision."""

from collections.abc import Awaitable, Callable, Mapping

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction

Hook = Callable[[Transaction, CaseView], Awaitable[None]]


class ApprovalHooks:
    """The effects of a service's workflows. What a hook raises undoes the decision too."""

    def __init__(self) -> None:
        self._decided: dict[str, Hook] = {}

    def decided(self, workflow: str) -> Callable[[Hook], Hook]:
        """Register the effect of a workflow whose case was approved, rejected or withdrawn (`case.state`)."""

        def register(hook: Hook) -> Hook:
            if workflow in self._decided:
                raise ValueError(f"workflow {workflow} has two effects")
            self._decided[workflow] = hook
            return hook

        return register

    @property
    def features(self) -> Mapping[str, str]:
        """By workflow the feature that opens its cases and takes their effect, as `service.feature`."""
        return {name: ".".join(hook.__module__.split(".")[1:3]) for name, hook in self._decided.items()}

    async def run(self, tx: Transaction, case: CaseView) -> None:
        """Call the effect of the case's workflow, if it has one."""
        hook = self._decided.get(case.workflow)
        if hook is not None:
            await hook(tx, case)
