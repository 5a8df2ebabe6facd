"""One measurement by wrk, its figures read from its own report."""

import asyncio
import json
from pathlib import Path
from typing import NamedTuple

from bench.edge import facts
from bench.edge.servers import HOST, Running

_REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nREPORT {"requests":%d,"seconds":%.6f,"p50":%.1f,"p99":%.1f,"errors":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class Load(NamedTuple):
    """Requests a second, latencies in µs, and the processor's µs for one request."""

    per_second: float
    p50: float
    p99: float
    cpu: float


async def measure(variant: Running, folder: Path, *, core: str, connections: int, seconds: float, token: str) -> Load:
    """`core`: where the load comes from. Raises: `RuntimeError` when a request failed; a refusal is answered fast and
    would flatter."""
    script = folder / "report.lua"
    if not script.exists():
        script.write_text(_REPORT)
    before = variant.cpu_seconds()
    wrk = await asyncio.create_subprocess_exec(
        "taskset", "-c", core,
        "wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(script),
        "-H", f"Authorization: Bearer {token}", "-H", "Accept: application/json",
        "-H", "Accept-Language: zh-CN,zh;q=0.9",
        f"http://{HOST}:{variant.port}{facts.READ}",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await wrk.communicate()
    cpu = variant.cpu_seconds() - before
    _, found, report = said.decode().partition("REPORT ")
    if not found:
        raise RuntimeError(f"wrk did not report: {said.decode()}")
    told = json.loads(report)
    if told["errors"] or not told["requests"]:
        raise RuntimeError(f"{told['errors']} of {told['requests']} requests failed")
    return Load(told["requests"] / told["seconds"], told["p50"], told["p99"], cpu * 1e6 / told["requests"])
