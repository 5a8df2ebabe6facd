"""The ports of one stack: chosen free once, remembered in `ports.json`, so that addresses stay the same."""

import errno
import json
import random
import socket

from deploy.cli.failures import Refusal, port_taken
from deploy.cli.stack.folder import DataFolder

LOOPBACK = "127.0.0.1"
NAMES = (
    "edge",
    "gateway",
    "recruitment",
    "roster",
    "assessment",
    "training",
    "edge_stream",
    "postgres",
    "nats",
    "nats_monitor",
)
RANGE = range(20000, 32000)
"""Below the ports that the kernel gives to outgoing connections, which could take one between two starts."""
TRIES = 200


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listen(port: int, purpose: str, host: str = LOOPBACK) -> socket.socket:
    """A listening socket, the supervisor's: a part that is started again finds its callers waiting."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host, port))
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE:
            raise port_taken(port, purpose) from None
        if error.errno == errno.EACCES:
            raise Refusal(f"This user may not open port {port}", "choose one above 1023 with --port") from None
        raise
    server.listen(2048)
    return server


def choose_ports(folder: DataFolder, base: int) -> dict[str, int]:
    """Every port by name; `base` is the edge's (0: any free one, remembered too).

    A remembered inner port that is taken by now is chosen anew; a taken edge port is refused.
    """
    remembered = read_ports(folder)
    ports: dict[str, int] = {}
    if base:
        listen(base, "the edge").close()
        ports["edge"] = base
    for name in NAMES:
        if name in ports:
            continue
        port = remembered.get(name, 0)
        if not port or port in ports.values() or not is_free(port):
            port = _any_free(set(ports.values()) | set(remembered.values()))
        ports[name] = port
    if ports != remembered:
        folder.write_json(folder.ports, ports)
    return ports


def read_ports(folder: DataFolder) -> dict[str, int]:
    """The remembered ports; empty before the first start."""
    try:
        content = json.loads(folder.ports.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Refusal(f"{folder.ports} cannot be read", "remove it; new ports are chosen") from None
    return {name: int(port) for name, port in content.items() if name in NAMES}


def _any_free(taken: set[int]) -> int:
    for _ in range(TRIES):
        port = random.choice(RANGE)  # noqa: S311 - which port it is, is no secret
        if port not in taken and is_free(port):
            return port
    raise Refusal("No free port was found on this machine", "end programs that hold many ports")
