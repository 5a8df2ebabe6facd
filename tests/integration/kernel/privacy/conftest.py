"""The database of the event tests serves here too."""

from tests.integration.kernel.events.conftest import house

__all__ = ["house"]
