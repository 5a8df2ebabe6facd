"""Providers of a tenant, errands to them, and which user a subject is."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from gateway.directory import actions as directory
from gateway.identity import handles, people
from gateway.identity.federation import queries
from gateway.identity.federation.queries import ProviderView
from gateway.identity.federation.tables import Errand, Provider, Subject
from gateway.identity.remote import Place
from gateway.identity.schemas import Holder
from kernel.clock import utcnow
from kernel.db.transaction import Transaction
from kernel.errors import Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.privacy import kms

CALLBACK = "/oauth/federated/callback"
OUT_FOR = timedelta(minutes=10)


async def set_provider(
    tx: Transaction,
    *,
    issuer: str,
    client_id: str,
    secret: str | None,
    name: Text,
    name_claim: str | None = None,
    provision: bool = False,
) -> UUID:
    """Set a tenant's provider, or change the one of that issuer. Whom its subjects are stays as it is."""
    row = await queries.by_issuer(tx, issuer)
    act = "identity.provider_set" if row is None else "identity.provider_changed"
    if row is None:
        row = Provider(tenant_id=tx.tenant, id=new_id(), issuer=issuer, client_id="", name_zh="", name_en="")
        tx.session.add(row)
    row.client_id, row.name_zh, row.name_en = client_id, name.zh, name.en
    row.sealed_secret = None
    if secret is not None:
        row.sealed_secret = await kms.current().wrap(tx.tenant, secret.encode(), _context(row.id))
    row.name_claim, row.provision, row.disabled_at = name_claim, provision, None
    await tx.session.flush()
    await audit(tx, act, subject_type="provider", subject_id=row.id, facts={"provision": provision})
    return row.id


async def disable_provider(tx: Transaction, issuer: str) -> bool:
    """Let nobody sign in by a provider any more; False where there is none."""
    row = await queries.by_issuer(tx, issuer)
    if row is None:
        return False
    row.disabled_at = utcnow()
    await tx.session.flush()
    await audit(tx, "identity.provider_disabled", subject_type="provider", subject_id=row.id)
    return True


async def secret_of(tx: Transaction, provider: ProviderView) -> str | None:
    """The secret we show to the provider; None for a public client."""
    if provider.sealed_secret is None:
        return None
    return (await kms.current().unwrap(tx.tenant, provider.sealed_secret, _context(provider.id))).decode()


def _context(provider_id: UUID) -> bytes:
    return b"identity_provider|" + provider_id.bytes


async def begin(tx: Transaction, provider: ProviderView, state: str, browser_key: str, wanted: str) -> None:
    """Note that a browser goes to a provider; only this browser can come back with this state."""
    tx.session.add(
        Errand(
            tenant_id=tx.tenant,
            state_hash=_state_hash(state, browser_key),
            provider_id=provider.id,
            wanted=wanted,
            expires_at=utcnow() + OUT_FOR,
        )
    )
    await tx.session.flush()


async def come_back(
    tx: Transaction, state: str, browser_key: str, now: datetime
) -> tuple[ProviderView, str, str | None] | None:
    """The provider a browser comes back from, what was wanted, and our secret there; once for each state."""
    errand = await queries.take_errand(tx, _state_hash(state, browser_key), now)
    provider = await queries.provider(tx, errand[0]) if errand else None
    if errand is None or provider is None:
        return None
    return provider, errand[1], await secret_of(tx, provider)


def _state_hash(state: str, browser_key: str) -> bytes:
    return handles.digest(f"{state}|{browser_key}")


def authorize_address(place: Place, client_id: str, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes: code flow with PKCE (RFC 7636) and nonce."""
    query = urlencode(
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
    )
    return f"{place.authorize}{'&' if '?' in place.authorize else '?'}{query}"


async def holder_of(tx: Transaction, provider: ProviderView, claims: Mapping[str, Any]) -> Holder | None:
    """The user of a subject, by the link there is, or by rule: the claim that names the account, or a new one.

    None where no rule finds one. A user is one subject of a provider for good, so that a claim that changes hands at
    the provider does not hand over an account here.
    """
    subject = claims["sub"]
    user_id = await queries.user_of(tx, provider.id, subject)
    if user_id is not None:
        return await people.holder_by_id(tx, user_id)
    holder = None
    if provider.name_claim is not None and isinstance(name := claims.get(provider.name_claim), str):
        holder = await people.holder_by_name(tx, name)
        if holder is not None and await queries.is_linked(tx, provider.id, holder.user_id):
            return None
    if holder is None and provider.provision:
        letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        made = await directory.make_user(tx, user_name=f"x-{letters}", display_name=letters, person_id=new_id())
        holder = await people.holder_by_id(tx, made.id)
    if holder is None:
        return None
    tx.session.add(Subject(tenant_id=tx.tenant, provider_id=provider.id, subject=subject, user_id=holder.user_id))
    await tx.session.flush()
    facts = {"provider": str(provider.id)}
    await audit(tx, "identity.subject_linked", subject_type="user", subject_id=holder.user_id, facts=facts)
    return holder
