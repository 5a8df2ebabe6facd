"""What goes in and out of templates over HTTP."""

from datetime import date, datetime
from uuid import UUID

from kernel.http.schema import Body, View


class TemplateChange(View):
    """A template from a day on; `sha256` is empty where the platform's own holds again from then."""

    id: UUID
    valid_from: date
    sha256: str | None
    user_id: UUID | None
    set_at: datetime


class TemplateView(View):
    """A kind of document: whether a template of the tenant holds today, the values it may name, and all changes."""

    kind: str
    label: dict[str, str]
    own: bool
    marks: list[str]
    needed: list[str]
    changes: list[TemplateChange]


class ResetBody(Body):
    """From which day on the platform's own template holds again; today or later."""

    valid_from: date
