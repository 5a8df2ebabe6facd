"""Encrypted columns: ID number, phone, bank account, medical result are never stored in clear.

Each value is bound to tenant, column, row and key version, so a ciphertext copied to another row does not
open.
"""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.privacy import cipher
from kernel.privacy.keys import data_key


async def protect(tx: Transaction, person_id: UUID, *, column: str, row_id: UUID, value: str) -> bytes:
    """Encrypt `value` under the person's key for `column` ("table.column") of row `row_id`.

    Raises `PersonErased` when the person was erased.
    """
    key = await data_key(tx, person_id)
    return cipher.encrypt(key, value.encode(), bound_to(tx.tenant, column, row_id))


async def reveal(tx: Transaction, person_id: UUID, *, column: str, row_id: UUID, stored: bytes) -> str:
    """Open what `protect` made for the same place. Raises `PersonErased` or `cipher.Unreadable`.

    Revealing is a permission of its own and is audited by whoever calls this.
    """
    key = await data_key(tx, person_id, cipher.key_version(stored))
    return cipher.decrypt(key, stored, bound_to(tx.tenant, column, row_id)).decode()


def bound_to(tenant: UUID, column: str, row_id: UUID) -> bytes:
    """What the ciphertext of `column` ("table.column") in row `row_id` is bound to."""
    if column.count(".") != 1:
        raise ValueError("column is written table.column")
    # The key version is in the header, which the cipher binds as well.
    return b"|".join((tenant.bytes, column.encode(), row_id.bytes))
