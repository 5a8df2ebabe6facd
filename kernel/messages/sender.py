"""How a message leaves the platform: to the operator's message service, or in development into a folder."""

import asyncio
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

import httpx

from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.errors import Unavailable
from kernel.events.envelope import rfc3339

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way out. `id` is the same at every try, so that a service can drop the second."""

    id: UUID
    tenant: UUID
    channel: str
    template: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class Sender(Protocol):
    """What the platform asks of a message service."""

    async def send(self, message: Outgoing) -> None:
        """Hand the message over. Raises `Unavailable` where it must be tried again."""
        ...


class FolderSender:
    """Writes each message to a file that only the stack's user reads (development). Never into a log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Outgoing) -> None:
        """One file per message; the same one again replaces it."""
        await asyncio.to_thread(self._write, message)

    def _write(self, message: Outgoing) -> None:
        folder = self._folder / str(message.tenant)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {
            "id": str(message.id),
            "sent_at": rfc3339(utcnow()),
            "channel": message.channel,
            "template": message.template,
            "to": message.to,
            "text": message.text,
        }
        fresh = folder / f"{message.id}.new"
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, ensure_ascii=False)
        fresh.replace(folder / f"{message.id}.json")


class HttpSender:
    """Hands messages to the operator's message service: one POST of JSON with the message's id as Idempotency-Key."""

    def __init__(self, url: str, key: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._key = key
        self._transport = transport

    async def send(self, message: Outgoing) -> None:
        """Raises `Unavailable` unless the service answers 2xx."""
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": str(message.id)}
        body = {
            "channel": message.channel,
            "template": message.template,
            "to": message.to,
            "text": message.text,
        }
        try:
            async with httpx.AsyncClient(timeout=SECONDS, trust_env=False, transport=self._transport) as client:
                answer = await client.post(self._url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(cause=f"message service: {type(error).__name__}") from None
        if not answer.is_success:
            raise Unavailable(cause=f"message service: {answer.status_code}")


class NoSender:
    """Production without a message service: nothing is lost, it waits with the broker and then as dead letter."""

    async def send(self, message: Outgoing) -> None:
        """Always raises `Unavailable`."""
        raise Unavailable(cause="no message service is configured")


def sender_of(config: ProcessConfig) -> Sender:
    """The sender that a process is configured with."""
    if config.message_url:
        return HttpSender(config.message_url, config.message_key.get_secret_value())
    return FolderSender(folder_of(config.data_dir)) if config.profile == "development" else NoSender()


def folder_of(data_dir: Path) -> Path:
    """Where development keeps its messages."""
    return data_dir / "messages"
