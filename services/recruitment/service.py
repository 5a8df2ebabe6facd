"""The recruitment service: what it is made of, and its application."""

from fastapi import FastAPI

import services.recruitment.eligibility.consumers
import services.recruitment.hire.consumers  # noqa: F401 - imported for what they register with approvals and probes
from kernel.approvals.embed.printing import FORM
from kernel.approvals.embed.reseating import subscriptions as reseating_subscriptions
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.documents.routes import template_router
from kernel.errors import Text
from kernel.http.service import Service, build
from services.recruitment import permissions
from services.recruitment.application.routes import router as applications
from services.recruitment.approvals import approvals
from services.recruitment.closing.routes import router as closing
from services.recruitment.eligibility.routes import router as eligibility
from services.recruitment.exam.routes import router as exam
from services.recruitment.headcount.consumers import subscriptions as headcount_subscriptions
from services.recruitment.hire.routes import router as hires
from services.recruitment.material.routes import router as materials
from services.recruitment.notice.routes import router as notices
from services.recruitment.objection.routes import router as objections
from services.recruitment.plan.consumers import subscriptions as plan_subscriptions
from services.recruitment.plan.routes import router as plans
from services.recruitment.probes import probes
from services.recruitment.ranking.routes import router as ranking
from services.recruitment.selection.routes import router as selection

SERVICE = Service(
    name="recruitment",
    title=Text("招聘", "Recruitment"),
    routers=(
        plans,
        notices,
        applications,
        materials,
        eligibility,
        exam,
        ranking,
        selection,
        hires,
        closing,
        objections,
        approval_router(
            "recruitment",
            approvals,
            read=permissions.APPROVAL_READ,
            decide=permissions.APPROVAL_DECIDE,
        ),
        template_router("recruitment", [FORM], manage=permissions.TEMPLATE_MANAGE),
    ),
    subscriptions=(reseating_subscriptions, headcount_subscriptions, plan_subscriptions, probes.subscriptions),
    timers=(approval_timers(approvals), probes.timers),
    labels=("recruitment.", "approval."),
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The service's ASGI application."""
    return build(SERVICE, config)
