"""A part of the stack: something that runs in a process of its own and is started again when it ends."""

from typing import Protocol


class Part(Protocol):
    """PostgreSQL, NATS, or one of the six processes."""

    @property
    def name(self) -> str:
        """Short and unique; names its log and its pid file."""
        ...

    @property
    def pid(self) -> int | None:
        """The pid while it runs."""
        ...

    def start(self) -> None:
        """Start it; does not wait until it is ready."""
        ...

    def wait(self) -> None:
        """Wait until it serves; a `Refusal` says why it does not."""
        ...

    def is_running(self) -> bool:
        """Whether its process lives."""
        ...

    def ask_to_stop(self) -> None:
        """Ask for an orderly end; does not wait."""
        ...

    def kill(self) -> None:
        """End it now."""
        ...
