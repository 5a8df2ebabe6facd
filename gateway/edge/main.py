"""The edge process: its parts put together from the configuration.

It is served by `gateway.edge.server`. There is no access log: its lines would hold ids of records.
"""

import socket
import time
from collections.abc import Callable

from gateway.edge.app import Edge
from gateway.edge.circuit import Circuit
from gateway.edge.forward import Service
from gateway.edge.parts import Parts
from gateway.edge.pool import Upstream
from gateway.edge.principals import Signer
from gateway.edge.rate import (
    ADDRESS_RATE,
    CLIENT_RATE,
    TENANT_IN_FLIGHT,
    TENANT_STREAMS,
    Bulkhead,
    Limiter,
    Rate,
)
from gateway.edge.refusals import RefusalBuffer
from gateway.edge.stream import EdgeStream
from gateway.edge.tokens import TokenChecker
from kernel.config import ProcessConfig


def create_app(
    config: ProcessConfig,
    *,
    client_rate: Rate = CLIENT_RATE,
    address_rate: Rate = ADDRESS_RATE,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
) -> Edge:
    """The edge. `clock` (monotonic) counts the lease, `wall` (Unix seconds) judges tokens.

    Raises: `ValueError` when an upstream is no `http://host:port`, has no principal key, or a key is not hex.
    """
    keys = {service: key.get_secret_value() for service, key in config.principal_keys.items()}
    unsigned = sorted(config.upstreams.keys() - keys.keys())
    if unsigned:
        raise ValueError(f"no principal key for {', '.join(unsigned)}")
    refusals = RefusalBuffer()
    stream = EdgeStream(
        config.edge_host,
        config.edge_port,
        bytes.fromhex(config.edge_key.get_secret_value()),
        refusals,
        clock,
        # Only one process at a time listens there.
        f"{socket.gethostname()}:{config.listen_port}" if config.listen_port else "",
    )
    parts = Parts(
        stream=stream,
        refusals=refusals,
        tokens=TokenChecker(config.issuer, f"{config.issuer}/api"),
        signer=Signer(keys),
        services={name: Service(Upstream(url), Circuit()) for name, url in config.upstreams.items()},
        by_client=Limiter(client_rate),
        by_address=Limiter(address_rate),
        lanes=Bulkhead(TENANT_IN_FLIGHT),
        streams=Bulkhead(TENANT_STREAMS),
        https=config.issuer.startswith("https://"),
        wall=wall,
    )
    return Edge(parts)
