"""SQL of education and certificates."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.roster.intake.schemas import BackgroundView, CertificateView
from services.roster.intake.tables import Background, Certificate


async def background(tx: Transaction, dossier_id: UUID) -> BackgroundView:
    """What is known; all empty for a worker of whom nothing was entered."""
    row = (
        await tx.session.execute(select(Background).where(col(Background.dossier_id) == dossier_id))
    ).scalar_one_or_none()
    found = await tx.session.execute(
        select(Certificate).where(col(Certificate.dossier_id) == dossier_id).order_by(col(Certificate.issued_on))
    )
    certificates = [CertificateView.model_validate(each) for each in found.scalars()]
    return BackgroundView(
        dossier_id=dossier_id,
        education_code=row.education_code if row else None,
        graduated_on=row.graduated_on if row else None,
        political_status=row.political_status if row else None,
        party_since=row.party_since if row else None,
        certificates=certificates,
    )


async def certificate(tx: Transaction, certificate_id: UUID) -> tuple[CertificateView, UUID]:
    """A certificate with its dossier; `NotFound` outside the scope."""
    found = await tx.session.execute(select(Certificate).where(col(Certificate.id) == certificate_id))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return CertificateView.model_validate(row), row.dossier_id


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring both under the unit that keeps the dossier."""
    for table in (Background, Certificate):
        await tx.session.execute(update(table).where(col(table.dossier_id) == dossier_id).values(unit_no=unit_no))
