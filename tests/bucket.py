"""S3 as moto tells it, over real HTTP on this machine, with answers that can be held back or spoilt."""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from pydantic import SecretStr
from werkzeug.serving import make_server

from kernel.config import ProcessConfig
from kernel.ids import new_id

SOMEBODY = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""moto asks who it is, though not for proof."""
REFUSAL = "<Error><Code>{}</Code><Message>as the test wants it</Message></Error>"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that arrived whole: what it asked, and how many bytes it brought."""

    method: str
    path: str
    query: str
    size: int


@dataclass
class S3:
    """The server. `spoil` answers a status and a code of S3 for the requests it is to refuse, else None."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    spoil: Callable[[Asked], tuple[str, str] | None] = lambda _: None
    held: Callable[[Asked], bool] = lambda _: False
    """Which requests get no answer before `answering` is set."""
    answering: threading.Event = field(default_factory=threading.Event)
    waiting: int = 0
    """How many are held right now."""
    counting: threading.Lock = field(default_factory=threading.Lock)
    unsummed: int = 0
    """Bodies that came without their SHA-256, or with that of another body."""

    def answer(self, app: Any, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request, as WSGI has it (PEP 3333)."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        asked = Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""), len(body))
        self.asked.append(asked)
        told = environ.get("HTTP_X_AMZ_CHECKSUM_SHA256")
        if asked.method == "PUT" and "HTTP_X_AMZ_DATE" in environ:
            with self.counting:
                self.unsummed += told != base64.b64encode(hashlib.sha256(body).digest()).decode()
        if self.held(asked):
            with self.counting:
                self.waiting += 1
            self.answering.wait(30)
            with self.counting:
                self.waiting -= 1
        refused = self.spoil(asked)
        if refused is None:
            answered: Iterable[bytes] = app(environ, start_response)
            return answered
        status, code = refused
        start_response(status, [("Content-Type", "application/xml")])
        return [REFUSAL.format(code).encode()] if asked.method != "HEAD" else []


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket, looked at and changed past the store under test."""

    s3: S3
    name: str

    def configured(self, config: ProcessConfig) -> ProcessConfig:
        """The configuration with this bucket for its files."""
        told = {
            "files_url": f"s3://{self.name}/records",
            "files_endpoint": self.s3.address,
            "files_access_key": SecretStr("made-up"),
            "files_secret_key": SecretStr("made-up as well"),
        }
        return config.model_copy(update=told)

    def keys(self) -> list[str]:
        """The keys of all objects that can be seen."""
        return _between(self._ask("GET", "?list-type=2").text, "<Key>", "</Key>")

    def unfinished(self) -> list[str]:
        """The uploads that were begun and neither completed nor given up."""
        return _between(self._ask("GET", "?uploads").text, "<UploadId>", "</UploadId>")

    def read(self, key: str) -> bytes:
        """What the object holds."""
        return self._ask("GET", f"/{key}").content

    def write(self, key: str, content: bytes) -> None:
        """Put other contents in its place."""
        self._ask("PUT", f"/{key}", content)

    def _ask(self, method: str, rest: str, content: bytes = b"") -> httpx.Response:
        url, headers = f"{self.s3.address}/{self.name}{rest}", {"Authorization": SOMEBODY}
        return httpx.request(method, url, content=content, headers=headers).raise_for_status()


@contextmanager
def serving_s3() -> Iterator[Bucket]:
    """A server on a free port with an empty bucket, until the block ends: its thread would forbid a later fork."""
    s3, app = S3(), DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, lambda environ, start: s3.answer(app, environ, start), threaded=True)
    s3.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        bucket = Bucket(s3, f"b{new_id().hex}")
        httpx.put(f"{s3.address}/{bucket.name}").raise_for_status()
        s3.asked.clear()
        yield bucket
        s3.spoil = lambda _: None
        httpx.post(f"{s3.address}/moto-api/reset").raise_for_status()
    finally:
        s3.answering.set()
        server.shutdown()
        server.server_close()
        thread.join()


def key_of(process: str, tenant: UUID, object_id: UUID) -> str:
    """Where an object lies in a bucket that `Bucket.configured` tells of."""
    return f"records/{process}/{tenant}/{object_id}"


def _between(text: str, begin: str, end: str) -> list[str]:
    return [each.split(end)[0] for each in text.split(begin)[1:]]
