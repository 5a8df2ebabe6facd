"""The process assessment: its house with approvals and health; the features of assessment come into it."""

from fastapi import FastAPI

from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.errors import Text
from kernel.http.service import Service, build
from services.assessment.permissions import APPROVAL_DECIDE, APPROVAL_READ

approvals = Approvals()
"""The approvals of this service; features register their effects on it."""

SERVICE = Service(
    name="assessment",
    title=Text("考核", "Assessment"),
    routers=[
        approval_router("assessment", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
    ],
    timers=[approval_timers(approvals)],
    labels=("assessment.", "approval."),
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The ASGI application of the process."""
    return build(SERVICE, config)
