"""Personal data on their way into a table: encrypted exactly as the services do it, many at a time.

Each person has one data key, made here and wrapped by the tenant's for every service that keeps data of the person.
"""

import os
from uuid import UUID

from kernel.privacy.blind_index import blind_index
from kernel.privacy.cipher import DataKey, encrypt
from kernel.privacy.fields import bound_to
from kernel.privacy.keys import storage_context
from kernel.privacy.kms import KEY_BYTES, Kms


class Vault:
    """The secrets of one tenant."""

    def __init__(self, kms: Kms, tenant: UUID) -> None:
        self._kms, self._tenant = kms, tenant

    def key(self) -> DataKey:
        """The key of a person, made now."""
        return DataKey(1, os.urandom(KEY_BYTES))

    async def wrapped(self, key: DataKey, person: str) -> bytes:
        """The key as a service stores it."""
        return await self._kms.wrap(self._tenant, key.secret, storage_context(UUID(person)))

    def closed(self, key: DataKey, column: str, row: str, value: str) -> bytes:
        """`value` as `column` ("table.column") of that row holds it."""
        return encrypt(key, value.encode(), bound_to(self._tenant, column, UUID(row)))

    def index(self, number: str) -> bytes:
        """By what an identity number is found again."""
        return blind_index(self._tenant, "id_number", number)
