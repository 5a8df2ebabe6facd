"""The edge runs under uvloop in production; its transports differ from asyncio's, so the ways of bytes are
run there too."""

import uvloop

from tests.unit.gateway.edge.factory import NOTICES

from .harness import Service, serving, stack
from .test_exchange import MEGABYTE, MORE, UPLOAD, bearer


def test_small_and_large_bodies_pass_under_uvloop() -> None:
    async def scenario() -> None:
        service = Service(body=b"y" * MEGABYTE)
        async with serving(service) as port, stack(port, MORE) as at:
            for _ in range(3):
                assert len((await at.client.get(NOTICES, headers=bearer())).content) == MEGABYTE
            answer = await at.client.post(UPLOAD, content=b"x" * 20 * MEGABYTE, headers=bearer())
            assert answer.status_code == 200
            assert service.seen[-1]["size"] == 20 * MEGABYTE
            assert at.edge.parts.services["recruitment"].upstream.open == 2

    uvloop.run(scenario())
