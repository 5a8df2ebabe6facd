"""Many clients of one tenant in a process of their own, so that their work does not slow down who measures.

`python -m tests.faults.crowd HOST PORT CLIENTS` reads one JSON line (token, body) and asks until its input
ends; then it prints how often each status came.
"""

import asyncio
import contextlib
import json
import sys
from collections import Counter

PATH = "/api/v1/training/sessions"
PAUSE_SECONDS = 1.0
"""Between two tries of one client, as a refusal asks for."""


async def insist(
    host: str, port: int, told: dict[str, str], number: int, answers: Counter[int], enough: asyncio.Event
) -> None:
    """One client: a class of its own, and again, until it is enough."""
    reader, writer = await asyncio.open_connection(host, port)
    tries = 0
    while not enough.is_set():
        tries += 1
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: {host}:{port}\r\nauthorization: Bearer {told['token']}\r\n"
            f"idempotency-key: crowd-{number}-{tries}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(told['body'])}\r\n\r\n"
        )
        writer.write((head + told["body"]).encode("ascii"))
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        answers[int(answer[9:12])] += 1
        await reader.readexactly(int(answer.split("content-length: ")[1].split("\r\n")[0]))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), PAUSE_SECONDS)
    writer.close()


async def main() -> None:
    """Ask until the input ends."""
    host, port, clients = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    told = json.loads(await asyncio.to_thread(sys.stdin.readline))
    answers, enough = Counter[int](), asyncio.Event()
    busy = [asyncio.create_task(insist(host, port, told, n, answers, enough)) for n in range(clients)]
    await asyncio.to_thread(sys.stdin.readline)
    enough.set()
    await asyncio.gather(*busy)
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    asyncio.run(main())
