"""Many decisions in one request: each by itself, in a savepoint, with a result of its own (T13)."""

from collections.abc import Sequence

from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.schemas import BulkDecision, BulkResult, BulkResults
from kernel.db.transaction import Transaction
from kernel.errors import Problem
from kernel.http.problems import document


async def decide(tx: Transaction, approvals: Approvals, items: Sequence[BulkDecision], instance: str) -> BulkResults:
    """Take the decisions; what is refused leaves nothing behind and hinders no other. Results in the order given."""
    results: dict[int, BulkResult] = {}
    # Cases are locked in one order, or two such requests would wait for each other.
    for index, item in sorted(enumerate(items), key=lambda pair: (pair[1].case_id, pair[0])):
        position = tx.position_of
        try:
            async with tx.savepoint():
                case = await approvals.decide(tx, item.case_id, item.as_action(tx.context.actor))
        except Problem as problem:
            tx.position_of = position
            shown = document(problem, tx.context.language, instance)
            results[index] = BulkResult(case_id=item.case_id, status=problem.status, problem=shown)
        else:
            results[index] = BulkResult(case_id=item.case_id, status=200, state=case.state)
    return BulkResults(items=[results[index] for index in range(len(items))])
