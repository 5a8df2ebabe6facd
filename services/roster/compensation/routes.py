"""Operations on compensation."""

from uuid import UUID

from kernel.errors import Conflict, ParameterNotSet
from kernel.http.router import Router, Tx
from services.roster.compensation import actions
from services.roster.compensation.schemas import CompensationQuestion, CompensationView
from services.roster.permissions import COMPENSATION_READ

router = Router(service="roster", tag="exits")
ARTICLES = [
    "LCL-40",
    "LCL-46",
    "LCL-47",
    "LCL-50",
    "LCL-87",
    "LCL-97",
    "LCR-12",
    "LCR-20",
    "LCR-21",
    "LCR-25",
    "LCR-27",
]


@router.post(
    "/dossiers/{dossier_id}/compensation-what-ifs",
    permission=COMPENSATION_READ,
    articles=ARTICLES,
    problems=[Conflict, ParameterNotSet],
)
async def ask_compensation(tx: Tx, dossier_id: UUID, body: CompensationQuestion) -> CompensationView:
    """What would be due if a worker's contract ended so, with every fact and article; nothing is stored."""
    return await actions.ask(tx, dossier_id, body)
