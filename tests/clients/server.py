"""Serves the application that runs in the browser: its one page and the library, on an origin of its own."""

import http.server
import threading
from functools import partial
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "npm"
LIBRARY = FOLDER / "node_modules" / "oidc-client-ts" / "dist" / "browser" / "oidc-client-ts.min.js"
FILES = {
    "/app.html": (FOLDER / "app.html", "text/html; charset=utf-8"),
    "/app.js": (FOLDER / "app.js", "text/javascript"),
    "/bye.html": (FOLDER / "bye.html", "text/html; charset=utf-8"),
    "/oidc-client-ts.js": (LIBRARY, "text/javascript"),
}
HELD = "held back"


class _Handler(http.server.BaseHTTPRequestHandler):
    """These files and no others."""

    def __init__(self, pages: "Pages", *given: Any) -> None:
        self._pages = pages
        super().__init__(*given)

    def do_GET(self) -> None:
        """One file."""
        path, _, query = self.path.partition("?")
        file, media_type = FILES.get(path, (None, "text/plain"))
        if self._pages.holds_codes and "code=" in query:
            file, media_type = None, "text/plain"
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.end_headers()
        self.wfile.write(file.read_bytes() if file else HELD.encode())

    def log_message(self, *_: object) -> None:
        """Addresses with codes stay out of the test's output."""


class Pages:
    """The running server; `origin` is what its pages are loaded from.

    holds_codes: what comes with a code does not reach the application, so that a test can have the address.
    """

    def __init__(self) -> None:
        self.holds_codes = False
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self.origin = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> "Pages":
        threading.Thread(target=partial(self._server.serve_forever, poll_interval=0.05), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
