"""Operations on earlier history."""

from uuid import UUID

from kernel.http.router import Router, Tx
from services.roster.intake import actions
from services.roster.intake.schemas import BackgroundView, BatchOutcome, Intake, IntakeBatch, IntakeView
from services.roster.permissions import INTAKE_READ, INTAKE_WRITE

router = Router(service="roster", tag="intake")
BATCH_SECONDS = 30
"""Two hundred dossiers with their keys, posts and news in one transaction."""


@router.post(
    "/dossiers/imports", permission=INTAKE_WRITE, creates=True, status_code=201, articles=["NM-3", "NM-7", "NM-23"]
)
async def import_dossier(tx: Tx, body: Intake) -> IntakeView:
    """Enter one worker who serves already: identity, posts with their terms, earlier work, education, certificates."""
    return await actions.enter(tx, body)


@router.post(
    "/dossiers/imports/batch",
    permission=INTAKE_WRITE,
    creates=True,
    deadline=BATCH_SECONDS,
    articles=["NM-3", "NM-23", "SH-2"],
)
async def import_dossiers(tx: Tx, body: IntakeBatch) -> BatchOutcome:
    """Enter up to 200 workers who serve already, each by itself, with what became of each row."""
    return await actions.enter_all(tx, body)


@router.get("/dossiers/{dossier_id}/background", permission=INTAKE_READ, articles=["NM-3", "NM-19"])
async def read_background(tx: Tx, dossier_id: UUID) -> BackgroundView:
    """Education, political status and certificates of a worker."""
    return await actions.read(tx, dossier_id)
