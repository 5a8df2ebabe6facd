"""Paths as the edge accepts them: one spelling, nothing that two parsers could read differently (T8, OWASP
API8)."""

import re
from urllib.parse import unquote

from kernel.errors import BadRequest, Text

PATH_LIMIT = 2048
"""Longest operation path is below 200 bytes; browsers and proxies cut from 2,000 on."""
QUERY_LIMIT = 8192
"""Cursors and filters stay below 2 KB."""

_SEGMENT = rb"(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~!$&'()*+,;=:@-]+"
_PLAIN = re.compile(rb"/(?:" + _SEGMENT + rb"(?:/" + _SEGMENT + rb")*/?)?")
_ESCAPED = re.compile(rb"(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9._~!$&'()*+,;=:@/-])+")
# Escapes of what separates, ends, climbs or hides: "/", "\", NUL and controls, ".", "%" (a second decoding).
_FORBIDDEN_ESCAPE = re.compile(rb"%(?:2[fFeE5]|5[cC]|[01][0-9A-Fa-f]|7[fF])")
_QUERY = re.compile(rb"[!-~]*")


def normalised(raw: bytes) -> str:
    """The decoded path of a request target, checked.

    Refuses encoded slashes and backslashes, dot segments in any spelling, empty segments, NUL and control
    characters, doubly encoded and non-UTF-8 text. Raises: `BadRequest`.
    """
    if len(raw) <= PATH_LIMIT:
        if _PLAIN.fullmatch(raw):
            return raw.decode("ascii")
        if b"%" in raw and _ESCAPED.fullmatch(raw) and not _FORBIDDEN_ESCAPE.search(raw):
            # What is left once the harmless escapes are taken as letters must be plain as well.
            lettered = re.sub(rb"%[0-9A-Fa-f]{2}", b"x", raw)
            try:
                if _PLAIN.fullmatch(lettered):
                    return unquote(raw.decode("ascii"), errors="strict")
            except UnicodeDecodeError as error:
                raise _refused("path is not UTF-8") from error
    raise _refused("path not in its normal spelling")


def checked_query(raw: bytes) -> bytes:
    """The query string, unchanged, when it is printable ASCII and not too long. Raises: `BadRequest`."""
    if len(raw) > QUERY_LIMIT or not _QUERY.fullmatch(raw):
        raise _refused("query not printable or too long")
    return raw


def _refused(cause: str) -> BadRequest:
    return BadRequest(
        Text(
            "请求路径的写法不被接受，请使用接口文档中的路径",
            "The path is not accepted in this spelling; use it as the API document prints it.",
        ),
        cause=cause,
    )
