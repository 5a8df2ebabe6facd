"""The programs that are measured and those around them, each on its core: nginx, the checker, the edge.

Everything in the middle of a variant runs on one core, load generator and upstream on the other, so that the figure
is that of one core.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import orjson
from pydantic import SecretStr

from bench.edge import facts
from deploy.cli.configuration import as_environment
from gateway.edgefeed.changes import Change
from gateway.edgefeed.server import EdgeFeed
from kernel.config import ProcessConfig

HOST = "127.0.0.1"
BODY = b'{"items":"' + b"x" * 1012 + b'"}'
"""1 KB."""
START_SECONDS = 20.0
_KEY = "aa" * 32
_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 300s; tcp_nodelay on; server_tokens off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {servers}
}}
"""
_UPSTREAM = "server {{ listen {host}:{port}; location / {{ default_type application/json; return 200 '{body}'; }} }}"
_POOLS = """
upstream service {{ server {host}:{upstream}; keepalive 128; keepalive_requests 100000000; }}
upstream checker {{ server {host}:{checker}; keepalive 128; keepalive_requests 100000000; }}
upstream guard {{ server {host}:{guard}; keepalive 128; keepalive_requests 100000000; }}
"""
_PROXY = 'proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";'
_PLAIN = "server {{ listen {host}:{port}; location / {{ {proxy} }} }}"
_ASKING = """
server {{ listen {host}:{port};
  location / {{ auth_request /check; {proxy} }}
  location = /check {{ internal; proxy_pass http://checker; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_pass_request_body off; proxy_set_header Content-Length ""; }} }}
"""


_GUARDED = """
server {{ listen {host}:{port};
  location / {{ auth_request /check; auth_request_set $principal $upstream_http_shegong_principal;
    auth_request_set $trace $upstream_http_traceparent; auth_request_set $rate $upstream_http_ratelimit;
    proxy_set_header Shegong-Principal $principal; proxy_set_header traceparent $trace;
    proxy_set_header Authorization ""; add_header RateLimit $rate; {proxy} }}
  location = /check {{ internal; proxy_pass http://guard; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header X-Method $request_method; proxy_set_header X-Target $request_uri;
    proxy_pass_request_body off; proxy_set_header Content-Length ""; }} }}
"""


def absent() -> str:
    """Which programs of Debian are not here, and what installs them; empty when all are."""
    missing = [program for program in ("nginx", "wrk", "taskset") if shutil.which(program) is None]
    return f"{', '.join(missing)} is absent; `make system` (root) installs it" if missing else ""


class Running:
    """Some processes that together are one variant."""

    def __init__(self, port: int, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self.port = port
        self._processes = processes

    def pids(self) -> list[int]:
        """Ids of the processes."""
        return [process.pid for process in self._processes]

    def cpu_seconds(self) -> float:
        """Processor time used so far."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def cores() -> tuple[str, str]:
    """One core for what is measured, the rest for what is around it; the same one when there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return str(usable[0]), ",".join(str(core) for core in usable[1:] or usable)


@contextlib.asynccontextmanager
async def platform(folder: Path) -> AsyncIterator[dict[str, Running]]:
    """All variants, running: the upstream alone, behind nginx, behind nginx and the checker, behind the edge."""
    mine, others = cores()
    ports = {name: _free_port() for name in ("direct", "plain", "asking", "checker", "guarded", "guard", "edge")}
    pools = _POOLS.format(host=HOST, upstream=ports["direct"], checker=ports["checker"], guard=ports["guard"])
    upstream = _UPSTREAM.format(host=HOST, port=ports["direct"], body=BODY.decode())
    plain = pools + _PLAIN.format(host=HOST, port=ports["plain"], proxy=_PROXY)
    asking = pools + _ASKING.format(host=HOST, port=ports["asking"], proxy=_PROXY)
    guarded = pools + _GUARDED.format(host=HOST, port=ports["guarded"], proxy=_PROXY)
    feed = EdgeFeed(bytes.fromhex(_KEY))
    feed.set_snapshot_source(_snapshot)
    await feed.start(HOST, 0)
    with contextlib.ExitStack() as stack:
        direct = stack.enter_context(_nginx(folder / "upstream", upstream, others))
        proxy = stack.enter_context(_nginx(folder / "plain", plain, mine))
        asker = stack.enter_context(_nginx(folder / "asking", asking, mine))
        told = {facts.CHECKER_KEY: orjson.dumps(facts.public_key()).decode(), facts.CHECKER_PORT: str(ports["checker"])}
        judge = stack.enter_context(_python("bench.edge.checker", mine, told))
        keeper = stack.enter_context(_nginx(folder / "guarded", guarded, mine))
        more = {facts.CHECKER_PORT: str(ports["guard"]), facts.CHECKS_ALL: "yes"}
        guard = stack.enter_context(_python("bench.edge.checker", mine, told | more))
        edge = stack.enter_context(_python("bench.edge.process", mine, _environment(feed.port, ports)))
        for port in ports.values():
            await _answers(port)
        yield {
            "upstream, asked directly": Running(ports["direct"], [direct]),
            "nginx, plain proxy": Running(ports["plain"], [proxy]),
            "nginx, auth_request to Python": Running(ports["asking"], [asker, judge]),
            "nginx, auth_request, all checks": Running(ports["guarded"], [keeper, guard]),
            "edge, all checks": Running(ports["edge"], [edge]),
        }
    await feed.stop()


async def _snapshot() -> list[Change]:
    return facts.changes()


def _environment(feed: int, ports: dict[str, int]) -> dict[str, str]:
    config = ProcessConfig(
        process="edge",
        issuer=facts.ISSUER,
        listen_port=ports["edge"],
        edge_port=feed,
        edge_key=SecretStr(_KEY),
        principal_keys=dict.fromkeys(facts.SERVICES, SecretStr(_KEY)),
        upstreams=dict.fromkeys(facts.SERVICES, f"http://{HOST}:{ports['direct']}"),
    )
    return as_environment(config)


def _nginx(folder: Path, servers: str, core: str) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    folder.mkdir()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, servers=servers))
    return _child(core, ["nginx", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], {})


def _python(module: str, core: str, told: dict[str, str]) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    return _child(core, [sys.executable, "-m", module], told)


@contextlib.contextmanager
def _child(core: str, command: list[str], told: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["taskset", "-c", core, *command], env=os.environ | told)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def on_one_core(*variants: Running) -> Iterator[str]:
    """Have them all on the core of what is measured meanwhile; yields it, for the load generator.

    With one connection nothing of it runs beside anything else, and no core has to be woken for a step."""
    core = cores()[0]
    before = {pid: os.sched_getaffinity(pid) for each in variants for pid in each.pids()}
    try:
        for pid in before:
            os.sched_setaffinity(pid, {int(core)})
        yield core
    finally:
        for pid, usual in before.items():
            os.sched_setaffinity(pid, usual)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def _answers(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return
