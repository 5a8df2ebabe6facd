"""Load on a service by wrk and on PostgreSQL by pgbench; what each did in a second."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deploy.cli.stack.binaries import find_binaries

CLIENTS = 8
LONGEST = 20
"""Seconds; a principal holds for thirty."""
_SCRIPT = """
local requests, written = {requests}, {{}}
local place, made = 0, 0
init = function()
  for number, one in ipairs(requests) do
    local headers = {{["{by}"] = one[2], ["Accept-Language"] = "zh", ["Content-Type"] = "application/json",
      ["Idempotency-Key"] = "{key}-NUMBER"}}
    local whole = wrk.format("{method}", one[1], headers, {body})
    local from, to = string.find(whole, "NUMBER", 1, true)
    written[number] = {{string.sub(whole, 1, from - 1), string.sub(whole, to + 1)}}
  end
end
request = function()
  place = place % #requests + 1
  made = made + 1
  return written[place][1] .. made .. written[place][2]
end
done = function(summary, latency, asked)
  local errors = summary.errors
  io.write(string.format('\\nREPORT {{"requests":%d,"seconds":%.6f,"errors":%d}}\\n', summary.requests,
    summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


def wrk(
    room: Path,
    base: str,
    requests: Sequence[tuple[str, str]],
    seconds: float,
    *,
    body: object = None,
    key: str = "",
    by: str = "Shegong-Principal",
) -> float:
    """Requests answered in a second. `requests`: paths with what the field `by` says of who asks, in turn.

    Where none was answered in time the load goes on for longer. Raises `RuntimeError` when one failed: a refusal is
    answered fast and would flatter.
    """
    script = room / "script.lua"
    script.write_text(
        _SCRIPT.format(
            requests="{" + ", ".join(f"{{{json.dumps(path)}, {json.dumps(who)}}}" for path, who in requests) + "}",
            method="GET" if body is None else "POST",
            body="nil" if body is None else json.dumps(json.dumps(body)),
            key=key,
            by=by,
        )
    )
    lasts = max(1, round(seconds))
    while True:
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{lasts}s", "--timeout", "20s", "-s", str(script), base]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        told = json.loads(said.partition("REPORT ")[2])
        if told["errors"] or lasts > LONGEST:
            raise RuntimeError(f"{told['errors']} of {told['requests']} requests failed")
        if told["requests"]:
            return float(told["requests"] / told["seconds"])
        lasts *= 3


def pgbench(room: Path, dsn: str, script: str, seconds: float) -> float:
    """Transactions in a second, of the role of that DSN, with statements prepared."""
    file = room / "script.sql"
    file.write_text(script)
    parts = urlsplit(dsn)
    home = find_binaries().postgres_home
    command = [
        str(home / "bin" / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1",
        "-T", str(max(1, round(seconds))), "-f", str(file), "-h", str(parts.hostname), "-p", str(parts.port),
        "-U", str(parts.username), parts.path.lstrip("/"),
    ]  # fmt: skip
    environment = os.environ | {"PGPASSWORD": parts.password or "", "PGOPTIONS": "-c plan_cache_mode=force_custom_plan"}
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    found = re.search(r"tps = ([0-9.]+)", said.stdout)
    if said.returncode or found is None or re.search(r"failed transactions: [1-9]", said.stdout):
        raise RuntimeError(f"pgbench: {said.stderr[-500:]} {said.stdout[-500:]}")
    return float(found.group(1))
