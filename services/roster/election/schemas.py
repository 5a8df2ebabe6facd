"""Conditions of elected office over HTTP."""

from typing import Any
from uuid import UUID

from kernel.http.schema import View


class ConditionsView(View):
    """What the regulation asks of a member of the two committees, as a warning: an election undoes nothing by it."""

    dossier_id: UUID
    findings: list[dict[str, Any]]
