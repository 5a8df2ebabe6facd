"""What identity hands around and hands out; never a table row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

ClientKind = Literal["browser", "web", "service"]
"""browser: public, runs at the user (single page, native, command line); web: confidential, a server that
signs users in; service: confidential, acts for itself by client credentials."""


@dataclass(frozen=True, slots=True)
class ClientView:
    """A registered client. `permissions` are what a service client may do in its own name."""

    id: str
    kind: ClientKind
    name_zh: str
    name_en: str
    secret_hash: bytes | None = field(repr=False)
    redirect_uris: list[str]
    sign_out_uris: list[str]
    origins: list[str]
    permissions: list[str]
    trusted: bool


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """The answer to a registration. `secret` is shown once and not kept."""

    client_id: str
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeView:
    """An authorization code as it was redeemed."""

    code_hash: bytes = field(repr=False)
    client_id: str
    session_id: UUID
    user_id: UUID
    post_id: UUID | None
    person_id: UUID | None
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str = field(repr=False)
    second: bool
    auth_time: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A token family; alive while `revoked_at` is None and `expires_at` lies ahead."""

    id: UUID
    client_id: str
    session_id: UUID
    user_id: UUID
    post_id: UUID | None
    person_id: UUID | None
    scope: str
    auth_time: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def alive(self, now: datetime) -> bool:
        """Whether tokens of this family are still good at `now`."""
        return self.revoked_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser."""

    id: UUID
    user_id: UUID
    acting: str | None
    second_at: datetime | None
    auth_time: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser as its user sees it in the list."""

    id: UUID
    agent: str
    auth_time: datetime
    seen_at: datetime


Missing = Literal["second", "password", "enrol"]
"""What a sign-in still needs before it is one: the second factor, another password, the set-up of a second factor."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in browser and what its sign-in still needs; nothing may be done in it before."""

    session: SessionView
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class KeyView:
    """A signing key as stored."""

    kid: str
    public_jwk: Mapping[str, Any]
    sealed_private: bytes = field(repr=False)
    active_from: datetime
    published_until: datetime | None


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post the user holds on the day, with its words for the page that asks."""

    id: UUID
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A user as directory knows them on the tenant's business day: who they are and what they may act as."""

    user_id: UUID
    user_name: str
    display_name: str
    person_id: UUID | None
    posts: tuple[PostChoice, ...]

    @property
    def official(self) -> bool:
        """Whether they act for an authority, and not for themselves alone."""
        return self.person_id is None

    def may_act_as(self, post_id: UUID | None, person_id: UUID | None) -> bool:
        """Whether exactly one of post and person is named and is this user's."""
        if (post_id is None) == (person_id is None):
            return False
        if post_id is not None:
            return any(post.id == post_id for post in self.posts)
        return person_id == self.person_id

    def choices(self) -> list[str]:
        """What `Session.acting` may say for this user."""
        return [str(post.id) for post in self.posts] + (["person"] if self.person_id else [])


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a token speaks of: a user in one acting post or as one person, within one family."""

    user_id: UUID
    post_id: UUID | None
    person_id: UUID | None
    family_id: UUID
    session_id: UUID
    auth_time: datetime
    user_name: str
    display_name: str
    second: bool = False
    """Whether a second factor was shown at the sign-in."""

    def get_user_id(self) -> str:
        """Authlib's name for the `sub` of the tokens."""
        return str(self.user_id)


@dataclass(frozen=True, slots=True)
class Revocation:
    """A change for the edges: refuse the token or family named `subject` of the tenant until `expires_at`."""

    tenant: UUID
    subject: str
    expires_at: datetime
