"""A service that has nothing but approvals, and a made-up pack with workflows for them.

The empty house of assessment lends its database and permissions; no jurisdiction is meant.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from kernel.approvals import cells
from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.printing import FORM
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.schemas import CaseView
from kernel.approvals.embed.timers import approval_timers
from kernel.context import Context
from kernel.db.transaction import Transaction
from kernel.documents.routes import template_router
from kernel.errors import Conflict, Text
from kernel.http.service import Service
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule.actions import at
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller
from services.assessment.permissions import APPROVAL_DECIDE, APPROVAL_READ, TEMPLATE_MANAGE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PATH = "/api/v1/assessment/approvals"
EFFECT = "test.effect"
OFFICE = "test.office"

approvals = Approvals()


@approvals.decided("plan")
async def on_plan(tx: Transaction, case: CaseView) -> None:
    """An effect that can be seen in the database: a timer that nobody runs."""
    unit = await org.unit(tx, case.subject_unit_id)
    await at(tx, EFFECT, NOW, unit_no=unit.unit_no, payload={"case": str(case.id), "state": case.state})


@approvals.decided("refusing")
async def on_refusing(tx: Transaction, case: CaseView) -> None:
    """An effect that writes and then refuses."""
    await on_plan(tx, case)
    raise Conflict(Text("编制不足", "No headcount is left."))


SERVICE = Service(
    name="assessment",
    title=Text("审批测试", "Approvals under test"),
    routers=[
        approval_router("assessment", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
        template_router("assessment", [FORM], manage=TEMPLATE_MANAGE),
    ],
    timers=[approval_timers(approvals)],
)


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


OURS = {"ours": label("made up for a test")}


def step(step_id: str, kind: str, department: str, level: str = "league", **more: Any) -> dict[str, Any]:
    """A step in the pack's form."""
    more.setdefault("blocks", kind != "file")
    return {
        "id": step_id,
        "kind": kind,
        "label": label(step_id),
        "by": {"department": department, "level": level},
        **OURS,
        **more,
    }


def pack(version: str = "1", **workflows: list[dict[str, Any]]) -> str:
    """A pack with those workflows for counties."""
    everybody = {
        "departments": ["society_work", "organization", "finance", *cells.DEPARTMENTS],
        "levels": ["region", "league", "county"],
        "duties": ["handler", "approver"],
    }
    document = {
        "language": 1,
        "pack": {
            "id": "testland",
            "version": version,
            "layer": "region",
            "title": label("测试办法"),
            "jurisdiction": label("测试辖区"),
            "issued": "2000-01-01",
            "effective": "2000-01-01",
        },
        "workflows": {
            name: {
                "label": label(name),
                "subject": "plan",
                "subject_levels": ["county"],
                "steps": steps,
                **OURS,
            }
            for name, steps in workflows.items()
        },
        "parameters": {
            OFFICE: {
                "kind": "rows",
                "label": label("审批部门"),
                "unresolved": "文件〔2021〕5号",
                "set_by": {"department": "organization", "level": "league"},
                **OURS,
            }
        },
        "permissions": {
            APPROVAL_READ.name: [everybody],
            APPROVAL_DECIDE.name: [everybody],
            TEMPLATE_MANAGE.name: [{"departments": ["society_work"], "levels": ["league"], "duties": ["approver"]}],
        },
    }
    return orjson.dumps({"document": document, "lineage": []}).decode()


PACK = pack(
    plan=[step("check", "review", "society_work"), step("record", "file", "organization")],
    refusing=[step("check", "review", "society_work")],
    two=[step("check", "review", "society_work"), step("record", "file", "organization", blocks=True)],
    local=[step("ok", "approve", "society_work", "subject")],
    bound=[step("ok", "approve", "society_work") | {"by": {"parameter": OFFICE}}],
    hire=[
        step("show", "publicize", "society_work", "subject", period={"fact": "days", "unit": "calendar"}),
        step("ok", "approve", "society_work", "subject"),
    ],
    lonely=[step("ok", "approve", "finance")],
    noted=[step("record", "file", "organization")],
    guided=[step("advice", "guide", "organization", blocks=False)],
    timed=[step("check", "review", "society_work", due={"count": 3, "unit": "calendar"})],
    fixed=[step("total", "fix", "society_work", figures=["posts"])],
    found=[step("found", "determine", "society_work")],
    jointly=[step("sign", "joint", "society_work", partners=[{"department": "organization", "level": "league"}])],
    signed=[
        step(
            "sign",
            "countersign",
            "society_work",
            partners=[{"department": "organization", "level": "league"}],
            mode="in_order",
        ),
        step("ok", "approve", "society_work"),
    ],
)


class Desk:
    """One tenant with the posts that the workflows need."""

    def __init__(self, tenant: TestTenant) -> None:
        self.tenant = tenant
        self.handler: Caller
        self.reviewer: Caller
        self.filer: Caller

    @classmethod
    async def at(cls, service: ServiceUnderTest, content: str = PACK) -> "Desk":
        """A new tenant: a handler in the county, a reviewer and a filing handler in the league."""
        desk = cls(await service.new_tenant(content, now=NOW))
        desk.handler = await desk.tenant.appoint("county", "society_work")
        desk.reviewer = await desk.tenant.appoint("league", "society_work", "approver")
        desk.filer = await desk.tenant.appoint("league", "organization")
        return desk

    def context(self, caller: Caller) -> Context:
        """The context of a request of that caller."""
        return Context(self.tenant.id, caller.scope, caller.actor, self.tenant.now)

    async def submit(self, workflow: str, caller: Caller | None = None, **more: Any) -> CaseView | None:
        """Open a case on the county as `caller` (the handler), as a feature's action would."""
        more.setdefault("subject_id", new_id())
        more.setdefault("subject_unit_no", self.tenant.tree["county"].unit_no)
        async with self.tenant.service.database.transaction(self.context(caller or self.handler)) as tx:
            return await approvals.open(tx, workflow=workflow, subject_type="plan", **more)

    async def case(self, workflow: str, **more: Any) -> CaseView:
        """Open a case that the pack has a workflow for."""
        view = await self.submit(workflow, **more)
        assert view is not None
        return view

    async def decide(self, caller: Caller, case: UUID, action: str, step_id: str | None = None, **more: Any) -> Any:
        """POST a decision; answers the response."""
        key = more.pop("key", None)
        body = {"action": action, "step": step_id, "comment": "理由", **more}
        return await self.tenant.post(caller, f"{PATH}/{case}/decisions", body, key=key)

    async def state(self, case: UUID) -> tuple[str, list[str]]:
        """State of the case and of its steps, as the league sees them."""
        answer = (await self.tenant.get(self.reviewer, f"{PATH}/{case}")).json()
        return answer["state"], [each["state"] for each in answer["steps"]]

    async def actions(self, case: UUID) -> list[str]:
        """The actions on the timeline."""
        answer = await self.tenant.get(self.reviewer, f"{PATH}/{case}/timeline")
        return [each["action"] for each in answer.json()["items"]]
