"""Problem documents (RFC 9457) of the edge, in the words of `kernel.errors`."""

import orjson

from kernel.context import Language
from kernel.errors import Problem, Text

Headers = list[tuple[bytes, bytes]]


class MethodNotAllowed(Problem):
    """The path exists with other methods."""

    status, name = 405, "method-not-allowed"
    title = Text("不支持此方法", "Method not allowed")
    advice = Text("请使用 Allow 所列方法", "Use a method listed in Allow.")


def document(problem: Problem, language: Language, request_id: str) -> tuple[Headers, bytes]:
    """Header fields and body of the answer that carries `problem`."""
    made = {
        "type": f"/problems/{problem.name}",
        "title": problem.title.say(language),
        "status": problem.status,
        "detail": problem.detail.say(language) if problem.detail else None,
        "advice": problem.advice.say(language),
        "instance": request_id,
    }
    body = orjson.dumps({name: value for name, value in made.items() if value is not None})
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept-Language"),
    ]
    headers.extend((name.lower().encode(), value.encode()) for name, value in problem.headers.items())
    if problem.status == 401 and "WWW-Authenticate" not in problem.headers:
        headers.append((b"www-authenticate", b'Bearer realm="shegong"'))
    return headers, body
