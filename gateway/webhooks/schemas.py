"""What goes in and out of webhooks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from kernel.http.schema import Body, View

EventName = Literal[
    "worklist.item.opened", "worklist.case.decided", "recruitment.notice.published", "regulation.version.published"
]
"""The closed list: news that names things and where they are read, never what stands in them."""
Events = Annotated[list[EventName], Field(min_length=1, max_length=10)]
Url = Annotated[str, Field(min_length=8, max_length=2_000)]
EndpointAction = Literal["pause", "resume"]


class EndpointMake(Body):
    """A new address for one of the tenant's clients."""

    client_id: str = Field(max_length=300)
    url: Url
    events: Events


class EndpointChange(Body):
    """What is to be otherwise; `resume` also takes up again what its failures disabled."""

    url: Url | None = None
    events: Events | None = None
    action: EndpointAction | None = None


class EndpointView(View):
    """An address and how it stands."""

    id: UUID
    client_id: str
    url: str
    events: list[str]
    state: Literal["active", "paused", "disabled"]
    disabled_because: str | None = Field(description="Why it was disabled: what its last try came to.")
    previous_until: datetime | None = Field(description="Until then the secret before is valid as well.")
    version: int
    recorded_at: datetime


class EndpointMade(EndpointView):
    """The same with its secret, which is shown this once."""

    secret: str = Field(description="`whsec_` and the key in base64.")


class DeliveryView(View):
    """One event on its way to an address."""

    id: UUID
    event_id: UUID = Field(description="`webhook-id` of every try.")
    event: str
    state: Literal["waiting", "delivered", "abandoned"]
    attempts: int
    due_at: datetime
    last_status: int | None
    last_cause: str | None
    delivered_at: datetime | None
    recorded_at: datetime


class ReplayAsk(Body):
    """What is sent again: one delivery, or all recorded since an instant."""

    delivery_id: UUID | None = None
    since: AwareDatetime | None = None


class ReplayView(View):
    """How many deliveries are on their way again."""

    again: int
