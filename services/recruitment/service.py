"""The recruitment service: what it is made of, and its application."""

from fastapi import FastAPI

import services.recruitment.hire.consumers
import services.recruitment.plan.consumers  # noqa: F401 - imported for what they register with the approvals
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.errors import Text
from kernel.http.service import Service, build
from services.recruitment import permissions
from services.recruitment.application.routes import router as applications
from services.recruitment.approvals import approvals
from services.recruitment.eligibility.routes import router as eligibility
from services.recruitment.hire.routes import router as hires
from services.recruitment.notice.routes import router as notices
from services.recruitment.plan.routes import router as plans
from services.recruitment.selection.routes import router as selection

SERVICE = Service(
    name="recruitment",
    title=Text("招聘", "Recruitment"),
    routers=(
        plans,
        notices,
        applications,
        eligibility,
        selection,
        hires,
        approval_router(
            "recruitment",
            approvals,
            read=permissions.APPROVAL_READ,
            decide=permissions.APPROVAL_DECIDE,
        ),
    ),
    timers=(approval_timers(approvals),),
    labels=("recruitment.", "approval."),
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The service's ASGI application."""
    return build(SERVICE, config)
