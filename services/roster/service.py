"""The process roster: dossiers, labour contracts, duty, and its approvals."""

from fastapi import FastAPI

import services.roster.admission.consumers
import services.roster.duty_page.consumers
import services.roster.honour.consumers
import services.roster.leave.consumers
import services.roster.pay_standard.consumers
import services.roster.payroll.consumers
import services.roster.rights.consumers
import services.roster.sizing.consumers
import services.roster.staffing.consumers
import services.roster.structure.consumers
import services.roster.subsidy.consumers  # noqa: F401 - imported for what it registers with the approvals
from kernel.approvals.embed.printing import FORM
from kernel.approvals.embed.reseating import subscriptions as reseating_subscriptions
from kernel.approvals.embed.routes import approval_router
from kernel.approvals.embed.timers import approval_timers
from kernel.config import ProcessConfig
from kernel.documents.routes import template_router
from kernel.errors import Text
from kernel.http.service import Service, build
from services.roster.admission.routes import router as admission_router
from services.roster.appointment.routes import router as appointment_router
from services.roster.approvals import approvals
from services.roster.attendance.routes import router as attendance_router
from services.roster.budget.routes import router as budget_router
from services.roster.certificate.routes import router as certificate_router
from services.roster.compensation.routes import router as compensation_router
from services.roster.contract.routes import router as contract_router
from services.roster.crossing.consumers import subscriptions as crossing_subscriptions
from services.roster.crossing.consumers import timers as crossing_timers
from services.roster.crossing.routes import router as crossing_router
from services.roster.directed.routes import router as directed_router
from services.roster.discipline.routes import router as discipline_router
from services.roster.dossier.consumers import subscriptions as dossier_subscriptions
from services.roster.dossier.routes import HOT as DOSSIER_HOT
from services.roster.dossier.routes import router as dossier_router
from services.roster.duty.consumers import subscriptions as duty_subscriptions
from services.roster.duty.routes import router as duty_router
from services.roster.duty_page.routes import router as duty_page_router
from services.roster.election.routes import router as election_router
from services.roster.end_certificate.actions import END_OF_CONTRACT
from services.roster.end_certificate.routes import router as end_certificate_router
from services.roster.ending.consumers import timers as ending_timers
from services.roster.exit.consumers import subscriptions as exit_subscriptions
from services.roster.exit.routes import router as exit_router
from services.roster.headcount.consumers import subscriptions as headcount_subscriptions
from services.roster.headcount.consumers import timers as headcount_timers
from services.roster.headcount.routes import router as headcount_router
from services.roster.honour.routes import router as honour_router
from services.roster.incoming.routes import router as incoming_router
from services.roster.intake.routes import router as intake_router
from services.roster.leave.routes import router as leave_router
from services.roster.pay_file.routes import router as pay_file_router
from services.roster.pay_standard.routes import router as pay_standard_router
from services.roster.payee.routes import router as payee_router
from services.roster.payroll.routes import router as payroll_router
from services.roster.permissions import APPROVAL_DECIDE, APPROVAL_READ, TEMPLATE_MANAGE
from services.roster.printing.actions import CONTRACT
from services.roster.printing.routes import router as printing_router
from services.roster.probes import probes
from services.roster.rank.consumers import subscriptions as rank_subscriptions
from services.roster.rank.routes import router as rank_router
from services.roster.resignation.consumers import subscriptions as resignation_subscriptions
from services.roster.resignation.routes import router as resignation_router
from services.roster.retirement.routes import router as retirement_router
from services.roster.rights.routes import router as rights_router
from services.roster.secondment.consumers import timers as secondment_timers
from services.roster.secondment.routes import router as secondment_router
from services.roster.sizing.routes import router as sizing_router
from services.roster.staffing.routes import router as staffing_router
from services.roster.structure.routes import router as structure_router
from services.roster.subsidy.routes import router as subsidy_router
from services.roster.tenure.routes import router as tenure_router
from services.roster.transfer.consumers import timers as transfer_timers
from services.roster.transfer.routes import router as transfer_router

SERVICE = Service(
    name="roster",
    title=Text("人事花名册", "Roster"),
    routers=[
        dossier_router,
        appointment_router,
        election_router,
        intake_router,
        certificate_router,
        payee_router,
        pay_standard_router,
        payroll_router,
        pay_file_router,
        subsidy_router,
        rights_router,
        budget_router,
        rank_router,
        transfer_router,
        crossing_router,
        incoming_router,
        directed_router,
        honour_router,
        headcount_router,
        staffing_router,
        sizing_router,
        contract_router,
        tenure_router,
        printing_router,
        end_certificate_router,
        duty_router,
        leave_router,
        attendance_router,
        secondment_router,
        admission_router,
        structure_router,
        duty_page_router,
        retirement_router,
        resignation_router,
        exit_router,
        compensation_router,
        discipline_router,
        approval_router("roster", approvals, read=APPROVAL_READ, decide=APPROVAL_DECIDE),
        template_router("roster", [FORM, CONTRACT, END_OF_CONTRACT], manage=TEMPLATE_MANAGE),
    ],
    subscriptions=[
        reseating_subscriptions,
        dossier_subscriptions,
        duty_subscriptions,
        rank_subscriptions,
        crossing_subscriptions,
        headcount_subscriptions,
        resignation_subscriptions,
        exit_subscriptions,
        probes.subscriptions,
    ],
    timers=[
        approval_timers(approvals),
        probes.timers,
        transfer_timers,
        crossing_timers,
        headcount_timers,
        secondment_timers,
        ending_timers,
    ],
    labels=("roster.", "approval."),
    hot=[DOSSIER_HOT],
)


def create_app(config: ProcessConfig) -> FastAPI:
    """The ASGI application of the process."""
    return build(SERVICE, config)
