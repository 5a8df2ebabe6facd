"""The secrets of one development stack, made on its first start, kept in a file that only its user reads."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from deploy.cli.failures import Refusal, from_os_error
from deploy.cli.stack.broker_rights import OPERATOR
from deploy.cli.stack.folder import DataFolder
from kernel.config import DATABASES, SERVICES

ROLES = ("migrator", "app", "relay")
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords and keys (hex, 32 bytes). The text form shows none."""

    content: dict[str, Any]

    def __repr__(self) -> str:
        return "Secrets(…)"

    @property
    def postgres(self) -> str:
        """The superuser's password of the embedded PostgreSQL."""
        return str(self.content["postgres"])

    def database(self, process: str, role: str) -> str:
        """The password of `shegong_<process>_<role>`."""
        return str(self.content["databases"][process][role])

    @property
    def nats(self) -> dict[str, str]:
        """The broker's passwords by user."""
        return dict(self.content["nats"])

    @property
    def principal_keys(self) -> dict[str, str]:
        """By process that verifies principals: the key under which the edge signs for it."""
        return dict(self.content["principal_keys"])

    @property
    def edge_key(self) -> str:
        """Authenticates the stream between edge and gateway."""
        return str(self.content["edge_key"])

    @property
    def cursor_key(self) -> str:
        """Signs the cursors of lists."""
        return str(self.content["cursor_key"])


def load_secrets(folder: DataFolder) -> Secrets:
    """Read the secrets, making those that are missing; they are written before anything uses them."""
    try:
        known = json.loads(folder.secrets.read_text())
    except FileNotFoundError:
        if (folder.postgres / "data").exists():
            raise Refusal(
                f"The secrets of {folder.path} are gone while its data are there",
                f"put {folder.secrets.name} back from your backup, or remove the folder to start anew",
            ) from None
        known = {}
    except ValueError:
        raise Refusal(f"{folder.secrets} cannot be read", "put it back from your backup; the data need it") from None
    except OSError as error:
        raise from_os_error(error, folder.path) or error from error
    content = _completed(known)
    if content != known:
        folder.write_json(folder.secrets, content)
    return Secrets(content)


def _completed(known: dict[str, Any]) -> dict[str, Any]:
    """What is known, with new secrets for whatever is not."""

    def group(name: str, members: tuple[str, ...]) -> dict[str, str]:
        old = known.get(name, {})
        return {member: old.get(member) or secrets.token_hex(KEY_BYTES) for member in members}

    databases = known.get("databases", {})
    return {
        "postgres": known.get("postgres") or secrets.token_hex(KEY_BYTES),
        "databases": {
            process: {role: databases.get(process, {}).get(role) or secrets.token_hex(KEY_BYTES) for role in ROLES}
            for process in DATABASES
        },
        "nats": group("nats", (*DATABASES, OPERATOR)),
        "principal_keys": group("principal_keys", ("gateway", *SERVICES)),
        "edge_key": known.get("edge_key") or secrets.token_hex(KEY_BYTES),
        "cursor_key": known.get("cursor_key") or secrets.token_hex(KEY_BYTES),
    }
