"""Every failure leaves as a problem document (RFC 9457): what is wrong, by which article, what to do next.

Neither the input's values nor the database's messages are ever repeated to the caller.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kernel.context import Language
from kernel.errors import (
    BadRequest,
    FieldError,
    Forbidden,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Problem,
    Text,
    TooLarge,
    Unauthenticated,
    UnsupportedMedia,
    places,
    preferred_language,
    problem_document,
)

log = structlog.get_logger("http")

CONTENT_TYPE = "application/problem+json"


_BY_STATUS: dict[int, type[Problem]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMedia,
    422: InvalidInput,
}

_MESSAGES: dict[str, Text] = {
    "missing": Text("必填", "required"),
    "extra_forbidden": Text("不支持的字段", "not a member of this body"),
    "json_invalid": Text("不是有效的 JSON", "not valid JSON"),
    "string_too_short": Text("过短", "too short"),
    "string_too_long": Text("过长", "too long"),
    "string_pattern_mismatch": Text("格式不符", "does not match the format"),
    "enum": Text("不在可选值中", "not one of the values"),
    "literal_error": Text("不在可选值中", "not one of the values"),
    "uuid_parsing": Text("不是有效的编号", "not a UUID"),
    "greater_than_equal": Text("小于允许的最小值", "below the least allowed"),
    "less_than_equal": Text("大于允许的最大值", "above the greatest allowed"),
    "greater_than": Text("小于允许的最小值", "below the least allowed"),
    "less_than": Text("大于允许的最大值", "above the greatest allowed"),
}
_OTHER = Text("格式或取值有误", "wrong form or value")


def language_of(request: Request) -> Language:
    """The language of the answer: that of the principal, else by `Accept-Language`, else Chinese."""
    context = getattr(request.state, "context", None)
    if context is not None:
        chosen: Language = context.language
        return chosen
    return preferred_language(request.headers.get("accept-language", ""))


def document(problem: Problem, language: Language, instance: str) -> dict[str, Any]:
    """The problem as RFC 9457 has it, with the findings it rests on."""
    made = problem_document(problem, language, instance)
    if problem.findings:
        made["findings"] = [jsonable_encoder(finding) for finding in problem.findings]
    return made


def answer(problem: Problem, language: Language, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response that carries a problem."""
    sent = {"Content-Language": language, "Cache-Control": "no-store", **problem.headers, **(headers or {})}
    if problem.status == 401:
        sent.setdefault("WWW-Authenticate", "Bearer")
    return Response(
        orjson.dumps(document(problem, language, instance)),
        status_code=problem.status,
        media_type=CONTENT_TYPE,
        headers=sent,
    )


def from_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What a body, path or query that does not fit its schema is answered with."""
    if any(error["type"] == "json_invalid" for error in errors):
        return BadRequest(Text("请求体不是有效的 JSON", "The body is not valid JSON."))
    return InvalidInput(
        errors=[
            FieldError(
                "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in error["loc"][1:]),
                error.get("ctx", {}).get("text") or _MESSAGES.get(error["type"], _OTHER),
                article=error.get("ctx", {}).get("article"),
            )
            for error in errors
        ]
    )


def install(app: FastAPI) -> None:
    """Make every failure of `app` a problem document."""

    def instance_of(request: Request) -> str:
        context = getattr(request.state, "context", None)
        return context.request_id if context else request.headers.get("x-request-id", "-")

    async def on_problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)  # noqa: S101 - registered for this type only
        if problem.status >= 500:
            log.error("problem", name=problem.name, cause=str(problem), path=_template(request))
        return answer(problem, language_of(request), instance_of(request))

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
        return await on_problem(request, from_validation(error.errors()))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
        kind = _BY_STATUS.get(error.status_code, Problem)
        return await on_problem(request, kind(headers=dict(error.headers or {})))

    async def on_bug(request: Request, error: Exception) -> Response:
        return await on_problem(request, bug(request, error))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)


def bug(request: Request, error: Exception) -> Problem:
    """What a mistake of ours is answered with. Logged here by its places: its text may repeat a value."""
    log.error("bug", path=_template(request), error=type(error).__name__, places=places(error))
    return Problem(cause=type(error).__name__)


def _template(request: Request) -> str:
    """The path with its parameters unnamed: real paths may hold ids, logs do not need them."""
    route = request.scope.get("route")
    return getattr(route, "path", "-")
