"""Problem documents (RFC 9457) of the edge, in the words of `kernel.errors`."""

import orjson

from kernel.context import Language
from kernel.errors import Problem, problem_document

Headers = list[tuple[bytes, bytes]]


def document(problem: Problem, language: Language, request_id: str) -> tuple[Headers, bytes]:
    """Header fields and body of the answer that carries `problem`."""
    body = orjson.dumps(problem_document(problem, language, request_id))
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept-Language"),
    ]
    headers.extend((name.lower().encode(), value.encode()) for name, value in problem.headers.items())
    if problem.status == 401 and "WWW-Authenticate" not in problem.headers:
        headers.append((b"www-authenticate", b'Bearer realm="shegong"'))
    return headers, body
