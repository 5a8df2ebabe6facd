"""What goes out of findings on contracts over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from kernel.http.schema import View


class ContractFindingsView(View):
    """What the law asks of a worker's contracts today; `relation` null where the worker is not employed here."""

    dossier_id: UUID
    person_id: UUID
    full_name: str
    unit_no: int
    relation: str | None
    worked_from: date | None = Field(description="First day of unbroken work for the present employer.")
    findings: list[dict[str, Any]]
