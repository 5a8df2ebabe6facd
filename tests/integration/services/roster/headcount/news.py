"""Roster's own news of posts, brought back to it as the platform would."""

from uuid import UUID

import msgspec

from contracts.roster import PostLeft, PostTaken
from kernel.events.envelope import Envelope, body
from kernel.events.inbox import receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.testing.service_client import TestTenant

KINDS = (PostTaken, PostLeft)


class Feed:
    """Delivers what the tenant's roster has published of posts taken and left, each piece once and in order."""

    def __init__(self, tenant: TestTenant) -> None:
        self.tenant = tenant
        self._versions: dict[UUID, int] = {}
        self._seen = 0

    async def own(self) -> None:
        """Deliver what is new."""
        service = self.tenant.service
        subscriptions = Subscriptions()
        for each in service.service.subscriptions:
            subscriptions.include(each)
        named = {kind.name: kind for kind in KINDS}
        news = [each for each in await self.tenant.events() if each.event in named]
        for told in news[self._seen :]:
            kind = named[told.event]
            version = self._versions[told.aggregate_id] = self._versions.get(told.aggregate_id, 0) + 1
            envelope = Envelope(
                id=new_id(),
                source=kind.source,
                tenant=self.tenant.id,
                aggregate_type=kind.aggregate,
                aggregate_id=told.aggregate_id,
                version=version,
                event=kind.name,
                event_version=kind.v,
                business_time=self.tenant.now,
                recorded_at=self.tenant.now,
                body=body(msgspec.json.encode(told.data).decode(), None),
            )
            await receive(service.database, service.config, subscriptions, envelope)
        self._seen = len(news)
