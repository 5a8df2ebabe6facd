"""Operations on earlier history."""

from uuid import UUID

from kernel.http.router import Router, Tx
from services.roster.intake import actions
from services.roster.intake.schemas import BackgroundView, Intake, IntakeView
from services.roster.permissions import INTAKE_READ, INTAKE_WRITE

router = Router(service="roster", tag="intake")


@router.post(
    "/dossiers/imports", permission=INTAKE_WRITE, creates=True, status_code=201, articles=["NM-3", "NM-7", "NM-23"]
)
async def import_dossier(tx: Tx, body: Intake) -> IntakeView:
    """Enter one worker who serves already: identity, posts with their terms, earlier work, education, certificates."""
    return await actions.enter(tx, body)


@router.get("/dossiers/{dossier_id}/background", permission=INTAKE_READ, articles=["NM-3", "NM-19"])
async def read_background(tx: Tx, dossier_id: UUID) -> BackgroundView:
    """Education, political status and certificates of a worker."""
    return await actions.read(tx, dossier_id)
