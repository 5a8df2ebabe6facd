"""Operations: each declares one permission, and its whole life is one transaction.

For every request the route verifies the signed principal and the permission again (the edge's word alone is not
enough), reads the body, then opens the transaction. The idempotency row and the serialised answer are written in
it, and it is committed before the answer is sent. Refusals are raised, so a refused request leaves nothing.
"""

import functools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import State
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kernel.access.permission import Grant, Permission, permitted
from kernel.access.principal import HEADER as PRINCIPAL_HEADER
from kernel.access.principal import Principal, verify
from kernel.context import Context, TenantId
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, Problem, Unauthenticated
from kernel.http import idempotency, upload
from kernel.http.etag import etag
from kernel.http.listed import page_of
from kernel.http.problems import bug
from kernel.http.stream import EventStream

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
GrantsOf = Callable[[TenantId], Coroutine[Any, Any, Mapping[str, Sequence[Grant]]]]

BODY_LIMIT = 256 * 1024
"""Bytes; forms of this system stay far below. Uploads declare their own."""
DEADLINE_SECONDS = 10
"""After this an answer helps nobody; the edge gives up."""


class OperationRoute(APIRoute):
    """One operation: principal, permission, body, transaction, answer, in this order."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler; what it raises rolls the transaction back."""
        handler = super().get_route_handler()
        extra: Mapping[str, Any] = self.openapi_extra or {}
        permission: Permission = self.callback_permission  # type: ignore[attr-defined]
        idempotent: bool = extra["x-idempotency"]
        accepted: Sequence[str] = extra["x-upload"]
        template = self.path_format

        async def handle(request: Request) -> Response:
            await admit(request, permission)
            key = idempotency.read_key(request.headers.get(idempotency.HEADER)) if idempotent else ""
            received = body = None
            # Read before the transaction opens: a slow sender must not hold one.
            if accepted:
                received = await upload.take_in(request, accepted, extra["x-body-limit"])
                request.state.upload = received
                body = f"{request.url.query}|{received.media_type}|{received.sha256}".encode()
            elif request.method in ("POST", "PUT", "PATCH"):
                body = await request.body()
            if idempotent:
                print_ = idempotency.fingerprint(request.method, request.url.path, body or b"")
                request.state.idempotency = (template, key, print_)
            try:
                response = await handler(request)
                await _finish(request, response, idempotent)
            except idempotency.Replay as replay:
                if received is not None:
                    await upload.discard(request, received)
                return replay.response
            except (Problem, RequestValidationError) as refused:
                # What the database may yet have stored (5xx) is left to the sweep, which asks for the row.
                status = getattr(refused, "status", HTTPStatus.UNPROCESSABLE_ENTITY)
                if received is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    await upload.discard(request, received)
                raise
            return response

        return handle


async def admit(request: Request, permission: Permission) -> None:
    """Verify who asks and whether this post holds the permission; sets `request.state.context`."""
    scope = request.scope
    principal = identify(request.app.state, scope["method"], scope["raw_path"], request.headers.get(PRINCIPAL_HEADER))
    request.state.context = context = principal.context()
    await allow(request.app.state, principal, context, permission)


def identify(state: State, method: str, raw_path: bytes, header: str | None) -> Principal:
    """Who asks, by the signed principal; `Unauthenticated` where it is missing or made for something else."""
    if header is None:
        raise Unauthenticated(cause="no principal: the service was called without the gateway")
    return verify(
        header,
        state.principal_key,
        service=state.service_name,
        method=method,
        path=raw_path.decode("latin-1"),
        now=time.time(),
    )


async def allow(state: State, principal: Principal, context: Context, permission: Permission) -> None:
    """Raise `Forbidden` unless this post (person, client) holds the permission that it is let in for."""
    grants: Sequence[Grant] = ()
    if permission.audience == "official" and context.actor.kind == "official":
        grants = (await state.grants(context.tenant)).get(permission.name, ())
    if principal.permission != permission.name or not permitted(
        context.actor, permission, grants, principal.client_grants
    ):
        raise Forbidden


async def _finish(request: Request, response: Response, idempotent: bool) -> None:
    response.headers.setdefault("Cache-Control", "no-store")
    tx: Transaction | None = getattr(request.state, "transaction", None)
    if tx is None:
        return
    version = getattr(tx.answered, "version", None)
    if isinstance(version, int):
        response.headers["ETag"] = etag(version)
    if tx.position_of is not None:
        response.headers["Shegong-Position"] = str(tx.position_of)
    if response.status_code == 201 and "location" not in response.headers:
        made = getattr(tx.answered, "id", None)
        if made is not None:
            response.headers["Location"] = f"{request.url.path}/{made}"
    if idempotent:
        route, key, _ = request.state.idempotency
        await idempotency.finish(tx, route, key, response)


async def open_transaction(request: Request) -> AsyncIterator[Transaction]:
    """The request's one transaction; function scope, so it ends (commits) before the answer is sent."""
    try:
        context, claimed = request.state.context, getattr(request.state, "idempotency", None)
        first = idempotency.claim(context, *claimed) if claimed is not None else ""
        async with request.app.state.database.transaction(context, first) as tx:
            request.state.transaction = tx
            if claimed is not None:
                await idempotency.begin(tx, *claimed)
            yield tx
    except (Problem, HTTPException, RequestValidationError, idempotency.Replay):
        raise
    except Exception as error:
        # Answered here, or the server above would log it with its text and thus with values.
        raise bug(request, error) from error
    for tell in tx.after_commit:
        await tell()


Tx = Annotated[Transaction, Depends(open_transaction, scope="function")]
"""Route parameter: the open transaction."""


class Router:
    """The operations of one feature. Every method takes the permission the operation needs."""

    def __init__(self, *, service: str, tag: str) -> None:
        self.service = service
        self.tag = tag
        self.api = APIRouter(prefix=f"/api/v1/{service}", tags=[tag], route_class=OperationRoute)

    def operation(
        self,
        method: str,
        path: str,
        *,
        permission: Permission,
        articles: Sequence[str] = (),
        creates: bool = False,
        status_code: int = 200,
        body_limit: int = BODY_LIMIT,
        deadline: int = DEADLINE_SECONDS,
        problems: Sequence[type[Problem]] = (),
        upload_of: Sequence[str] = (),
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare an operation.

        creates: the POST makes something or moves something on, and so needs an Idempotency-Key.
        articles: what it serves, for the coverage table. problems: those it raises beside the usual ones.
        upload_of: the body is a file of one of these media types, up to `body_limit` bytes.
        """
        extra = {
            "x-permission": permission.name,
            "x-audience": permission.audience,
            "x-idempotency": creates,
            "x-body-limit": body_limit,
            "x-deadline": deadline,
            "x-articles": list(articles),
            "x-upload": list(upload_of),
        }
        if options.get("response_class") is EventStream:
            extra["responses"] = EventStream.described()

        def declare(endpoint: Endpoint) -> Endpoint:
            page = page_of(endpoint)
            if page is not None:
                options.setdefault("response_model", page)
            self.api.add_api_route(
                path,
                _remembering(endpoint),
                methods=[method],
                status_code=status_code,
                operation_id=f"{self.service}_{getattr(endpoint, '__name__', 'operation')}",
                openapi_extra=extra | _headers(creates) | (upload.request_body(upload_of) if upload_of else {}),
                responses=_responses(method, creates, problems),
                route_class_override=_route_class(permission),
                **options,
            )
            return endpoint

        return declare

    def get(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """A reading operation; options as of `operation`."""
        return self.operation("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """A decision or a making; options as of `operation`."""
        return self.operation("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """A whole replacement under If-Match; options as of `operation`."""
        return self.operation("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """A partial change under If-Match; options as of `operation`."""
        return self.operation("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """A removal under If-Match; options as of `operation`."""
        return self.operation("DELETE", path, **options)


@functools.cache
def _route_class(permission: Permission) -> type[OperationRoute]:
    return type("PermittedRoute", (OperationRoute,), {"callback_permission": permission})


def _remembering(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the answer's `version` and `id` for ETag and Location."""

    @functools.wraps(endpoint)
    async def call(*args: Any, **values: Any) -> Any:
        result = await endpoint(*args, **values)
        for value in values.values():
            if isinstance(value, Transaction):
                value.answered = result
        return result

    return call


def _headers(creates: bool) -> dict[str, Any]:
    if not creates:
        return {}
    return {
        "parameters": [
            {
                "name": idempotency.HEADER,
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_LENGTH},
                "description": "A new value for each thing to be made; the same value repeats the same request.",
            }
        ]
    }


def _responses(method: str, creates: bool, problems: Sequence[type[Problem]]) -> dict[int | str, dict[str, Any]]:
    # 409 on a reading too: a figure that the regulation leaves open is asked for (`parameter-not-set`).
    statuses = {400, 401, 403, 404, 409, 422, 429, 503, 504}
    if method != "GET":
        statuses |= {413, 415}
    if method in ("PUT", "PATCH", "DELETE"):
        statuses |= {412, 428}
    statuses |= {problem.status for problem in problems}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"description": "Problem (RFC 9457)", "content": content} for status in sorted(statuses)}
