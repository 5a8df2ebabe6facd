"""One pair of servers for the tests of this folder; each test has its own tenants."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.cli.stack.binaries import find_binaries
from tests.integration.kernel.events.house import House, open_house, until


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("news")) as made:
        yield made


@pytest.fixture
async def lazy_monitor(tmp_path: Path) -> AsyncIterator[str]:
    """The monitor of a real server that acknowledges before it syncs, as NATS does unless told otherwise."""
    ports = tmp_path / "ports"
    ports.mkdir()
    config = tmp_path / "lazy.conf"
    config.write_text(
        f'listen: "127.0.0.1:-1"\nhttp: "127.0.0.1:-1"\nports_file_dir: "{ports}"\n'
        f'jetstream {{ store_dir: "{tmp_path}/store" }}\n'
    )
    program = find_binaries().nats_server
    server = await asyncio.create_subprocess_exec(program, "-c", config, stderr=asyncio.subprocess.DEVNULL)

    async def told() -> str:
        for found in ports.glob("*.ports"):
            if text := found.read_text():
                return str(json.loads(text)["monitoring"][0])
        return ""

    try:
        yield await until(told, "the server's ports")
    finally:
        server.terminate()
        await server.wait()
