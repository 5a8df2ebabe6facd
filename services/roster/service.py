"""The process roster: dossiers, labour contracts, duty, and its approvals."""

from fastapi import FastAPI

from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.errors import Text
from kernel.http.service import Service, build
from services.roster.contract.routes import router as contract_router
from services.roster.dossier.consumers import subscriptions as dossier_subscriptions
from services.roster.dossier.routes import router as dossier_router
from services.roster.duty.consumers import subscriptions as duty_subscriptions
from services.roster.duty.routes import router as duty_router
from services.roster.permissions import APPROVAL_DECIDE, APPROVAL_READ

approvals = Approvals()
"""The approvals of this service; features register their effects on it."""

SERVICE = Service(
    name="roster",
    title=Text("人事花名册", "Roster"),
    routers=[
        dossier_router,
        contract_router,
        duty_router,
        approval_router("roster", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
    ],
    subscriptions=[dossier_subscriptions, duty_subscriptions],
    timers=[approval_timers(approvals)],
    labels=("roster.", "approval."),
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The ASGI application of the process."""
    return build(SERVICE, config)
