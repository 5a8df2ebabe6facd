"""What is pushed: the public side of the tenant's news. Only names, ids and addresses; who may reads the rest there."""

from contracts.recruitment import NoticePublished
from gateway.webhooks import actions
from kernel.approvals.embed.published import ApprovalCaseDecided, ApprovalStepOpened
from kernel.config import SERVICES
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import PackPublished

subscriptions = Subscriptions()


@subscriptions.on(ApprovalStepOpened, sources=SERVICES)
async def on_step(tx: Transaction, event: Received[ApprovalStepOpened]) -> None:
    """Something waits on a desk."""
    data = {**_case(event.source, str(event.aggregate_id)), "step": event.data.step}
    await actions.enqueue(tx, event.id, "worklist.item.opened", event.recorded_at, data)


@subscriptions.on(ApprovalCaseDecided, sources=SERVICES)
async def on_decided(tx: Transaction, event: Received[ApprovalCaseDecided]) -> None:
    """Somebody acted on a case."""
    data = {
        **_case(event.source, str(event.aggregate_id)),
        "workflow": event.data.workflow,
        "step": event.data.step,
        "state": event.data.state,
    }
    await actions.enqueue(tx, event.id, "worklist.case.decided", event.recorded_at, data)


@subscriptions.on(NoticePublished)
async def on_notice(tx: Transaction, event: Received[NoticePublished]) -> None:
    """A notice is out, or a correction of it."""
    told = event.data
    path = f"/api/v1/recruitment/notices/{told.notice_id}"
    data = {"notice_id": told.notice_id, "revision": told.revision, "closes_at": told.closes_at, "path": path}
    await actions.enqueue(tx, event.id, "recruitment.notice.published", event.recorded_at, data)


@subscriptions.on(PackPublished)
async def on_version(tx: Transaction, event: Received[PackPublished]) -> None:
    """A version of the regulation was published; later news of it tells when it ends."""
    if event.version > 1:
        return
    told = event.data
    data = {"pack_id": told.pack_id, "pack_version": told.pack_version, "valid_from": told.valid_from}
    path = {"path": "/api/v1/regulation/packs"}
    await actions.enqueue(tx, event.id, "regulation.version.published", event.recorded_at, data | path)


def _case(service: str, case_id: str) -> dict[str, object]:
    return {"service": service, "case_id": case_id, "path": f"/api/v1/{service}/approvals/{case_id}"}
