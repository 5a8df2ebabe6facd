"""Asking a process whether it is ready; synchronous: the supervisor has neither thread nor event loop."""

import http.client

from deploy.cli.stack.ports import LOOPBACK

TIMEOUT_SECONDS = 2


def readiness(port: int) -> tuple[int, str]:
    """Status and first words of `/health/ready`; status 0 when nothing answers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        return answer.status, answer.read(300).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error) or type(error).__name__
    finally:
        connection.close()
