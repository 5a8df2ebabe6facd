"""Operations on elections."""

from uuid import UUID

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.router import Router, Tx
from services.roster.appointment.schemas import Elected, PostView
from services.roster.election import actions
from services.roster.election.schemas import ConditionsView
from services.roster.permissions import APPOINTMENT_READ, APPOINTMENT_WRITE

router = Router(service="roster", tag="appointments")


@router.post(
    "/dossiers/{dossier_id}/elections",
    permission=APPOINTMENT_WRITE,
    creates=True,
    status_code=201,
    articles=["NM-7", "SH-4", "SH-7", "ORG-8"],
    problems=[ParameterNotSet, RuleRefused, WrongState],
)
async def record_election(tx: Tx, dossier_id: UUID, body: Elected) -> PostView:
    """Record that a worker was elected to a post for a term; the election itself follows its own rules."""
    return await actions.elect(tx, dossier_id, body)


@router.get("/dossiers/{dossier_id}/office-conditions", permission=APPOINTMENT_READ, articles=["SH-6"])
async def read_conditions(tx: Tx, dossier_id: UUID) -> ConditionsView:
    """What the regulation asks of a member of the two committees, on what is known of a worker."""
    return await actions.conditions(tx, dossier_id)
