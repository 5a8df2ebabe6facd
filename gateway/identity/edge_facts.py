"""What identity has to say in an edge's snapshot: keys of the platform, clients and revocations of each
tenant."""

from gateway.edgefeed.changes import Change, ClientSet, KeySet
from gateway.identity import queries, rules
from gateway.identity.desk import change_of
from gateway.identity.schemas import ClientView, Revocation
from kernel.clock import utcnow
from kernel.db.transaction import Transaction


async def key_changes(tx: Transaction) -> list[Change]:
    """All keys under which tokens may stand now. The transaction runs under the platform's tenant."""
    keys = rules.published(await queries.keys(tx), utcnow())
    return [KeySet(kid=key.kid, jwk={name: str(value) for name, value in key.public_jwk.items()}) for key in keys]


async def tenant_changes(tx: Transaction) -> list[Change]:
    """Clients and living revocations of the transaction's tenant."""
    clients: list[Change] = [client_change(tx, client) for client in await queries.clients(tx)]
    revoked = await queries.revoked(tx, utcnow())
    return clients + [change_of(Revocation(tx.tenant, subject, until)) for subject, until in revoked]


def client_change(tx: Transaction, client: ClientView) -> ClientSet:
    """One client, as the edges are told of it."""
    return ClientSet(
        client_id=client.id, tenant=tx.tenant, origins=tuple(client.origins), grants=tuple(client.permissions)
    )
