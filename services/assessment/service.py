"""The process assessment: methods, yearly assessments with surveys, appeals, probation, and its approvals."""

from fastapi import FastAPI

import services.assessment.scheme.consumers  # noqa: F401 - imported for what it registers with the approvals
from kernel.approvals.embed.printing import FORM
from kernel.approvals.embed.reseating import subscriptions as reseating_subscriptions
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.documents.routes import template_router
from kernel.errors import Text
from kernel.http.service import Service, build
from services.assessment.appeal.routes import router as appeals
from services.assessment.approvals import approvals
from services.assessment.cycle.routes import router as cycles
from services.assessment.grading.consumers import timers as grading_timers
from services.assessment.grading.routes import router as grading
from services.assessment.learning.consumers import subscriptions as learning_subscriptions
from services.assessment.learning.routes import router as learning
from services.assessment.participant.consumers import subscriptions as participant_subscriptions
from services.assessment.participant.routes import router as participants
from services.assessment.permissions import APPROVAL_DECIDE, APPROVAL_READ, TEMPLATE_MANAGE
from services.assessment.probation.consumers import subscriptions as probation_subscriptions
from services.assessment.probation.consumers import timers as probation_timers
from services.assessment.probation.routes import router as probations
from services.assessment.scheme.routes import router as schemes
from services.assessment.scoring.routes import router as scores
from services.assessment.survey.routes import router as surveys

SERVICE = Service(
    name="assessment",
    title=Text("考核", "Assessment"),
    routers=[
        schemes,
        participants,
        cycles,
        scores,
        surveys,
        grading,
        appeals,
        probations,
        learning,
        approval_router("assessment", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
        template_router("assessment", [FORM], manage=TEMPLATE_MANAGE),
    ],
    subscriptions=[reseating_subscriptions, participant_subscriptions, probation_subscriptions, learning_subscriptions],
    timers=[approval_timers(approvals), grading_timers, probation_timers],
    labels=("assessment.", "approval."),
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The ASGI application of the process."""
    return build(SERVICE, config)
