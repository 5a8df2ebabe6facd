"""One merged OpenAPI document out of those of all processes, with the sign-in that really works (T8)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import structlog
from fastapi import FastAPI

from gateway.edgefeed.operations import routes_of
from gateway.edgefeed.server import EdgeFeed
from gateway.facts import Facts
from kernel.config import SERVICES, ProcessConfig
from kernel.http.service import OPERATIONS_PATH, operations

log = structlog.get_logger("document")

ASK_SECONDS = 1.0
"""How often a service that has not answered yet is asked for its operations."""
REFRESH_SECONDS = 30.0
"""How often they are read again: a newer service brings newer operations."""
ANSWER_SECONDS = 5


class Documents:
    """What the processes publish: their operations as last read, their documents when somebody asks for them."""

    def __init__(self, app: FastAPI, config: ProcessConfig, facts: Facts, feed: EdgeFeed) -> None:
        self._app = app
        self._config = config
        self._facts = facts
        self._feed = feed
        self._started_as: dict[str, str] = {}
        self._read: dict[str, tuple[str | None, Mapping[str, Any]]] = {}
        """By process: the start of it that the document was read from, and the document."""

    async def follow(self) -> None:
        """Read every process's operations, tell the edges its routes, and read again; until cancelled."""
        self._take("gateway", operations(self._app))
        async with self._client() as client, asyncio.TaskGroup() as group:
            for service in SERVICES:
                group.create_task(self._follow(client, service), name=f"operations {service}")

    async def _follow(self, client: httpx.AsyncClient, service: str) -> None:
        while True:
            try:
                answer = await client.get(f"{self._config.upstreams[service]}{OPERATIONS_PATH}")
                answer.raise_for_status()
                told = answer.json()
                self._take(service, told["operations"])
                self._started_as[service] = told["started_as"]
                await asyncio.sleep(REFRESH_SECONDS)
            except (httpx.HTTPError, ValueError) as error:
                log.info("operations not read yet", service=service, error=type(error).__name__)
                await asyncio.sleep(ASK_SECONDS)

    def _take(self, service: str, published: Sequence[Mapping[str, Any]]) -> None:
        routes = routes_of(service, published)
        if self._facts.routes.get(service) == routes:
            return
        self._facts.routes[service] = routes
        self._feed.announce(routes)

    async def merged(self) -> dict[str, Any]:
        """The document of the whole API, as clients of the edge see it."""
        return merge(await self._parts(), self._config.issuer)

    async def labels(self) -> dict[str, Any]:
        """All labels of enums: name → value → {zh, en}."""
        found: dict[str, Any] = {}
        for document in (await self._parts()).values():
            found.update(document.get("x-labels", {}))
        return dict(sorted(found.items()))

    async def _parts(self) -> dict[str, Mapping[str, Any]]:
        """The documents of all processes. A process that does not answer is shown as it was last read."""
        async with self._client() as client:
            await asyncio.gather(*(self._refresh(client, service) for service in SERVICES))
        documents = {service: document for service, (_, document) in self._read.items()}
        return {"gateway": self._app.openapi(), **documents}

    async def _refresh(self, client: httpx.AsyncClient, service: str) -> None:
        started_as = self._started_as.get(service)
        if service in self._read and self._read[service][0] == started_as:
            return
        try:
            answer = await client.get(f"{self._config.upstreams[service]}/openapi.json")
            answer.raise_for_status()
            self._read[service] = (started_as, answer.json())
        except (httpx.HTTPError, ValueError) as error:
            log.info("document not read", service=service, error=type(error).__name__)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)


def merge(parts: Mapping[str, Mapping[str, Any]], issuer: str) -> dict[str, Any]:
    """Merge documents: schemas get their process's name before them where two processes differ in one name."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for service, document in sorted(parts.items()):
        own = document.get("components", {}).get("schemas", {})
        renamed = {name: f"{service}_{name}" for name in _differing(own, schemas)}
        text = json.dumps({"paths": document.get("paths", {}), "schemas": own})
        for name, other in renamed.items():
            text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{other}"')
        read = json.loads(text)
        schemas.update({renamed.get(name, name): schema for name, schema in read["schemas"].items()})
        for path, item in read["paths"].items():
            for method, operation in item.items():
                _place(paths, path, method, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shegong API", "version": "1", "description": _ABOUT},
        "servers": [{"url": issuer}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "signIn": {
                    "type": "oauth2",
                    "description": "Authorization code with PKCE (S256); the client belongs to one tenant.",
                    "flows": {
                        "authorizationCode": {
                            "authorizationUrl": f"{issuer}/oauth/authorize",
                            "tokenUrl": f"{issuer}/oauth/token",
                            "refreshUrl": f"{issuer}/oauth/token",
                            "scopes": {"openid": "who signs in"},
                        },
                        "clientCredentials": {"tokenUrl": f"{issuer}/oauth/token", "scopes": {}},
                    },
                }
            },
        },
    }


def _differing(own: Mapping[str, Any], known: Mapping[str, Any]) -> set[str]:
    """Names that mean something else here than in `known`, also by what they refer to."""
    found = {name for name in own if name in known and known[name] != own[name]}
    while True:
        references = [f'"#/components/schemas/{name}"' for name in found]
        more = {
            name
            for name in own.keys() & known.keys() - found
            if any(reference in json.dumps(own[name]) for reference in references)
        }
        if not more:
            return found
        found |= more


def _place(paths: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> None:
    if operation.get("x-audience") == "public":
        path = "/public/{tenant}/" + path.removeprefix("/api/v1/")
        operation.setdefault("parameters", []).insert(
            0,
            {
                "name": "tenant",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "description": "The tenant's name in addresses.",
            },
        )
        operation["security"] = []
    else:
        operation["security"] = [{"signIn": ["openid"]}]
    paths.setdefault(path, {})[method] = operation


_ABOUT = (
    "Community workers (社区工作者) of a jurisdiction under its own regulation. Problems follow RFC 9457; lists are "
    "`{items, next}`; a POST that makes something needs an `Idempotency-Key`; changes need `If-Match`."
)
