"""`shegong openapi`: the merged API document of this code, without a stack. Clients are generated from it."""

import json
import sys
from collections import deque
from typing import Any


def openapi() -> None:
    """Print the API document of a production stack, for tools that generate clients."""
    json.dump(merged_document(), sys.stdout, ensure_ascii=False, indent=1)


def merged_document() -> dict[str, Any]:
    """The document that the gateway merges, made from the applications of this code; none of them is started."""
    from pydantic import SecretStr

    from deploy.cli.supervisor.applications import factory, importing
    from gateway.pages.document import merge
    from kernel.config import DATABASES, ProcessConfig

    deque(importing(), maxlen=0)
    nowhere, key = SecretStr("postgresql://nobody@127.0.0.1:1/none"), SecretStr("00" * 32)
    parts: dict[str, Any] = {}
    for process in DATABASES:
        config = ProcessConfig(
            process=process,
            profile="production",
            app_dsn=nowhere,
            relay_dsn=nowhere,
            principal_key=key,
            edge_key=key,
            cursor_key=key,
        )
        parts[process] = factory(process)(config).openapi()
    return merge(parts, config.issuer)
