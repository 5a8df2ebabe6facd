"""The process training: needs, programmes and classes, the hours ledger, yearly compliance, and its approvals."""

from fastapi import FastAPI

from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.printing import FORM
from kernel.approvals.embed.reseating import subscriptions as reseating_subscriptions
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.documents.routes import template_router
from kernel.errors import Text
from kernel.http.service import Service, build
from services.training.hours.routes import router as hours_router
from services.training.need.consumers import subscriptions as need_subscriptions
from services.training.need.routes import router as need_router
from services.training.permissions import APPROVAL_DECIDE, APPROVAL_READ, TEMPLATE_MANAGE
from services.training.probes import probes
from services.training.programme.routes import router as programme_router
from services.training.session.routes import HOT as SESSION_HOT
from services.training.session.routes import router as session_router
from services.training.yearly.consumers import subscriptions as yearly_subscriptions
from services.training.yearly.consumers import timers as yearly_timers
from services.training.yearly.routes import router as compliance_router

approvals = Approvals()
"""The approvals of this service; features register their effects on it."""

SERVICE = Service(
    name="training",
    title=Text("培训", "Training"),
    routers=[
        need_router,
        programme_router,
        session_router,
        hours_router,
        compliance_router,
        approval_router("training", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
        template_router("training", [FORM], manage=TEMPLATE_MANAGE),
    ],
    subscriptions=[reseating_subscriptions, need_subscriptions, yearly_subscriptions, probes.subscriptions],
    timers=[approval_timers(approvals), yearly_timers, probes.timers],
    labels=("training.", "approval."),
    hot=[SESSION_HOT],
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The ASGI application of the process."""
    return build(SERVICE, config)
