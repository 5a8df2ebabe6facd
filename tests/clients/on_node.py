"""Applications on libraries of Node.js: a child process each, led by lines of JSON (`npm/serve.mjs`)."""

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from tests.clients.contract import SCOPE, Refused, Registration

FOLDER = Path(__file__).parent / "npm"


class NodeClient:
    """What the two have in common."""

    SCRIPT: ClassVar[str]

    def __init__(self, at: Registration) -> None:
        node = shutil.which("node")
        assert node, "Node.js is absent; make system (root) installs it"
        assert (FOLDER / "node_modules").is_dir(), f"the libraries are absent; run `npm ci` in {FOLDER}"
        self.tokens: dict[str, Any] = {}
        self._child = subprocess.Popen(
            [node, str(FOLDER / self.SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._write(asdict(at))

    def start(self) -> str:
        """See `Client`."""
        return str(self._call("start", SCOPE))

    def finish(self, callback: str) -> dict[str, Any]:
        """See `Client`."""
        return dict(self._call("finish", callback))

    def user_info(self) -> dict[str, Any]:
        """See `Client`."""
        return dict(self._call("user_info"))

    def refresh(self) -> None:
        """See `Client`."""
        self._call("refresh")

    def revoke(self) -> None:
        """See `Client`."""
        self._call("revoke")

    def sign_out_address(self) -> str:
        """See `Client`."""
        return str(self._call("sign_out_address"))

    def close(self) -> None:
        """The end of its input is the end of the process."""
        self._child.communicate(timeout=10)

    def _call(self, call: str, *given: str) -> Any:
        self._write({"call": call, "given": given})
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line, f"{self.SCRIPT} ended with {self._child.wait()}"
        said = json.loads(line)
        if "refused" in said:
            raise Refused(said["refused"])
        self.tokens = said["tokens"]
        return said["answer"]

    def _write(self, value: dict[str, Any]) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(value) + "\n")
        self._child.stdin.flush()


class OpenidClient(NodeClient):
    """openid-client: a certified relying party."""

    LIBRARY = "openid-client"
    PLAIN_HTTP = "allowInsecureRequests, executed on the configuration"
    LEFT_TO_THE_APPLICATION = ()
    SCRIPT = "openid_client.mjs"


class Oauth4webapi(NodeClient):
    """oauth4webapi: the strictest, step by step."""

    LIBRARY = "oauth4webapi"
    PLAIN_HTTP = "the option allowInsecureRequests of each request"
    LEFT_TO_THE_APPLICATION = ()
    SCRIPT = "oauth4webapi.mjs"
