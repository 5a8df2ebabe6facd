"""What goes in and out of bank files over HTTP."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from kernel.http.schema import Body, View


class Purpose(Body):
    """Why the account numbers are opened; kept in the audit chain."""

    reason: Annotated[str, StringConstraints(min_length=2, max_length=200)]


class Missing(View):
    """A worker who cannot be paid through the bank yet."""

    dossier_id: UUID
    full_name: str | None
    net: Decimal


class FileView(View):
    """A bank file: how many it pays, how much in all, and who stands outside it for want of an account."""

    run_id: UUID
    number: int
    people: int
    total: Decimal
    missing: list[Missing]
