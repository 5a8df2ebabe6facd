"""The identity server of the security tests, for its ordinary use."""

from tests.security.identity.conftest import asking_house, house, identity_server, own_house, visitor

__all__ = ["asking_house", "house", "identity_server", "own_house", "visitor"]
