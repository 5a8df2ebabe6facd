"""SQL of verified certificates."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.roster.certificate.schemas import CertificateStateView
from services.roster.certificate.tables import CertificateCheck


async def get(tx: Transaction, certificate_id: UUID) -> CertificateCheck | None:
    """The verification, locked; None while there is none."""
    wanted = select(CertificateCheck).where(col(CertificateCheck.certificate_id) == certificate_id).with_for_update()
    return (await tx.session.execute(wanted)).scalar_one_or_none()


async def of_dossier(tx: Transaction, dossier_id: UUID) -> dict[UUID, CertificateCheck]:
    """The verifications of a dossier by certificate."""
    found = await tx.session.execute(select(CertificateCheck).where(col(CertificateCheck.dossier_id) == dossier_id))
    return {row.certificate_id: row for row in found.scalars()}


async def held_on(tx: Transaction, dossier_ids: Sequence[UUID], day: date) -> dict[UUID, dict[str, bool]]:
    """Verified kinds that count on a day, by dossier; the value says whether an allowance was decided."""
    found = await tx.session.execute(
        select(
            col(CertificateCheck.dossier_id),
            col(CertificateCheck.kind),
            col(CertificateCheck.allowance_decision).is_not(None),
        ).where(col(CertificateCheck.dossier_id).in_(dossier_ids), col(CertificateCheck.period).contains(day))
    )
    held: dict[UUID, dict[str, bool]] = {}
    for dossier_id, kind, decided in found.all():
        kinds = held.setdefault(dossier_id, {})
        kinds[kind] = kinds.get(kind, False) or decided
    return held


def view(certificate: dict[str, Any], check: CertificateCheck | None) -> CertificateStateView:
    """A certificate as it is shown."""
    if check is None:
        return CertificateStateView(**certificate, verified=False)
    return CertificateStateView(
        **certificate,
        verified=True,
        document=check.document,
        valid_from=check.period.lower,
        valid_before=check.period.upper,
        allowance_decision=check.allowance_decision,
        verified_on=check.verified_on,
        ended_reason=check.ended_reason,
    )


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the verifications under the unit that keeps the dossier."""
    await tx.session.execute(
        update(CertificateCheck).where(col(CertificateCheck.dossier_id) == dossier_id).values(unit_no=unit_no)
    )
