"""Operations on certificates."""

from uuid import UUID

from kernel.errors import WrongState
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.certificate import actions
from services.roster.certificate.schemas import CertificateEntry, CertificateStateView, Ending, Verification
from services.roster.permissions import CERTIFICATE_OWN, CERTIFICATE_READ, CERTIFICATE_VERIFY, CERTIFICATE_WRITE

router = Router(service="roster", tag="certificates")

ARTICLES = ["NM-19", "SH-15"]


@router.post(
    "/dossiers/{dossier_id}/certificates",
    permission=CERTIFICATE_WRITE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
)
async def enter_certificate(tx: Tx, dossier_id: UUID, body: CertificateEntry) -> CertificateStateView:
    """Enter a certificate that a worker shows."""
    return await actions.enter(tx, dossier_id, body)


@router.get("/dossiers/{dossier_id}/certificates", permission=CERTIFICATE_READ, articles=ARTICLES)
async def list_certificates(tx: Tx, dossier_id: UUID) -> Page[CertificateStateView]:
    """The certificates of a worker and what was verified of them."""
    return Page[CertificateStateView](items=await actions.listed(tx, dossier_id))


@router.post(
    "/certificates/{certificate_id}/verification",
    permission=CERTIFICATE_VERIFY,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def verify_certificate(tx: Tx, certificate_id: UUID, body: Verification) -> CertificateStateView:
    """Record that a certificate was found genuine; the allowance follows where the regulation makes it due."""
    return await actions.verify(tx, certificate_id, body)


@router.post(
    "/certificates/{certificate_id}/end",
    permission=CERTIFICATE_VERIFY,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def end_certificate(tx: Tx, certificate_id: UUID, body: Ending) -> CertificateStateView:
    """Record that a certificate counts no longer."""
    return await actions.end(tx, certificate_id, body)


@router.get("/own/certificates", permission=CERTIFICATE_OWN, articles=ARTICLES)
async def own_certificates(tx: Tx) -> Page[CertificateStateView]:
    """The certificates of the person who asks."""
    return Page[CertificateStateView](items=await actions.own(tx))
