"""Finding an encrypted value without reading it: a keyed hash per tenant and purpose.

The key differs per tenant, so nobody learns by comparing databases that two tenants know the same person; the
column that holds it is unique together with `tenant_id` only.
"""

import hashlib
import hmac
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.privacy.kms import current


def blind_index(tx: Transaction | UUID, purpose: str, normalised: str) -> bytes:
    """32 bytes that are equal for equal values of one purpose ("id_number", "phone") in one tenant.

    `normalised` is the canonical spelling (`id_number.parse(...).value`); other spellings give other bytes.
    """
    tenant = tx if isinstance(tx, UUID) else tx.tenant
    return hmac.new(current().index_key(tenant, purpose), normalised.encode(), hashlib.sha256).digest()
