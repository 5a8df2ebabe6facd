"""Case 22 on the whole platform: every forgery is refused at once, at the edge and by user info, and none is logged.

The checker of the edge alone, its memory and its key facts: tests/unit/gateway/edge/test_tokens.py.
"""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from unittest import mock

import httpx
import pytest
from joserfc.jwk import RSAKey

from deploy.cli.configuration import running_configuration
from deploy.cli.demo.client import Session
from deploy.cli.stack.testing import RunningStack
from gateway.identity import actions
from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import PLATFORM_TENANT, Context
from kernel.db.transaction import Database
from kernel.privacy import kms
from tests.security.forging import FORGERIES, Forger, part
from tests.tenants import add_tenant

DOORS = ("/api/v1/directory/tenant", "/oauth/userinfo")
USER = "applicant.first"
LIMIT_SECONDS = 0.05
PATIENCE_SECONDS = 20
"""The limit is one of the work, not of what else runs on this machine: one try within this time must keep it."""
FLOOD = 200


async def signing_key(config: ProcessConfig) -> RSAKey:
    """The private key under which the platform signs now, opened with the platform's own keys."""
    database = Database.open(config)
    try:
        # Put back afterwards: other servers of this test process have keys of their own.
        with mock.patch.object(kms, "_installed", [kms.FileKms(config.kms_file)]):
            async with database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
                ring = await actions.read_ring(tx)
    finally:
        await database.close()
    (key,) = ring.signing(utcnow()).keys
    assert isinstance(key, RSAKey)
    return key


@pytest.fixture(scope="module")
async def forger(stack: RunningStack) -> Forger:
    """Signed in to one tenant, with the platform's key and the id of another tenant."""
    made, other = (add_tenant(stack, "forged", datetime(2024, 9, 2, 1, tzinfo=UTC)) for _ in range(2))
    password = next(one["password"] for one in made["sign_ins"] if one["user_name"] == USER)
    session = Session(stack.base_url, made["clients"]["demo"]["client_id"]).sign_in(USER, password)
    session.close()
    key = await signing_key(running_configuration(stack.folder, "gateway"))
    return Forger(session.tokens["access_token"], session.tokens["id_token"], key, other["tenant_id"])


@pytest.fixture(scope="module")
async def http(stack: RunningStack) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who sends tokens."""
    async with httpx.AsyncClient(base_url=stack.base_url, trust_env=False, timeout=30) as client:
        yield client


async def status(http: httpx.AsyncClient, door: str, token: str) -> tuple[int, float]:
    """How a door answers a token, and after how many seconds."""
    before = time.perf_counter()
    answer = await http.get(door, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, time.perf_counter() - before


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_signed_by_hand_passes_where_nothing_is_wrong_with_it(
    http: httpx.AsyncClient, forger: Forger, door: str
) -> None:
    """The positive control of every row below: the good token, its like, and one expired within the leeway."""
    expired = forger.signed(exp=int(time.time()) - 1)
    for token in (forger.genuine, forger.signed(), expired):
        assert (await status(http, door, token))[0] == 200


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_is_refused_at_once(http: httpx.AsyncClient, forger: Forger, name: str, door: str) -> None:
    token = FORGERIES[name](forger)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found, seconds = await status(http, door, token)
        assert found == 401
        if seconds < LIMIT_SECONDS:
            return
    raise AssertionError(f"within {PATIENCE_SECONDS} s no try was refused in {LIMIT_SECONDS * 1000:.0f} ms")


@pytest.mark.parametrize("door", DOORS)
async def test_two_megabytes_are_refused_before_a_token_is_looked_for_in_them(
    http: httpx.AsyncClient, forger: Forger, door: str
) -> None:
    """By an answer or, while they still come, by closing the connection; how long that takes is how long they take."""
    try:
        found, _ = await status(http, door, forger.genuine + "A" * 2_000_000)
    except httpx.TransportError:
        found = 0
    assert found in (0, 400, 431)
    assert (await status(http, door, forger.genuine))[0] == 200


async def test_a_flood_of_unknown_keys_is_slowed_and_hinders_nobody(http: httpx.AsyncClient, forger: Forger) -> None:
    """Keys come to the edge by its stream alone, so that an unknown one makes nobody fetch anything."""
    text, _, signature = forger.genuine.rpartition(".")
    claims = text.partition(".")[2]
    heads = (forger.signed({"kid": f"k{number}"}).partition(".")[0] for number in range(FLOOD))
    answers = [await status(http, DOORS[0], f"{head}.{claims}.{signature}") for head in heads]
    assert {found for found, _ in answers} <= {401, 429}
    assert (await status(http, DOORS[0], forger.genuine))[0] == 200


async def test_no_token_stands_in_a_log(stack: RunningStack, forger: Forger) -> None:
    """Nor its parts; what the processes would log at DEBUG: tests/security/identity/test_tokens.py."""
    logs = "".join(file.read_text(errors="replace") for file in stack.folder.log.iterdir() if file.is_file())
    assert logs
    for token in (forger.genuine, forger.id_token):
        assert token not in logs
        assert not [piece for piece in token.split(".")[1:] if piece in logs]
    assert part(forger.genuine, 1)["jti"] not in logs
