"""Every library that signs in without a browser of its own; `test_in_browser` has the one that needs one."""

import pytest

from tests.clients.contract import Client
from tests.clients.on_node import Oauth4webapi, OpenidClient
from tests.clients.on_python import AuthlibClient, RequestsOauthlib

LIBRARIES: tuple[type[Client], ...] = (OpenidClient, Oauth4webapi, AuthlibClient, RequestsOauthlib)
each_library = pytest.mark.parametrize("library", [pytest.param(one, id=one.LIBRARY) for one in LIBRARIES])
