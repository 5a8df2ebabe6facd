"""Lock-out after five wrong tries, exact under fifty at once (GB/T 22239-2019 8.1.4.1; reliability.md case
25)."""

import asyncio
import json
from collections import Counter

import pytest
from sqlalchemy import text

from gateway.identity import passwords
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.visitor import Visitor

WRONG = "Wrong password 1"


async def attempt(house: House, password: str, user: str = "official") -> int:
    async with Visitor(house) as visitor:
        done = await visitor.submit(await visitor.authorize(), "/oauth/sign-in", user_name=user, password=password)
        return done.status_code


async def audited(house: House) -> Counter[str]:
    """What the audit will say of sign-ins, as it stands in the outbox: `action/reason`."""
    async with house.database.transaction(house.context()) as tx:
        rows = await tx.session.execute(text("select data from k_outbox where aggregate_type = 'audit'"))
        entries = [row if isinstance(row, dict) else json.loads(row) for row in rows.scalars()]
    return Counter(
        f"{entry['action'].removeprefix('identity.')}/{entry['reason']}"
        for entry in entries
        if entry["action"] in ("identity.sign_in_refused", "identity.locked", "identity.signed_in")
    )


async def test_of_fifty_wrong_tries_at_once_exactly_five_are_judged(own_house: House) -> None:
    answers = await asyncio.gather(*(attempt(own_house, WRONG) for _ in range(50)))
    assert set(answers) == {403}
    assert await audited(own_house) == {
        "sign_in_refused/wrong password": 4,
        "locked/wrong password": 1,
        "sign_in_refused/locked": 45,
    }
    assert await attempt(own_house, PASSWORD) == 403


async def test_the_lock_ends_by_itself(own_house: House) -> None:
    for _ in range(5):
        assert await attempt(own_house, WRONG) == 403
    async with own_house.database.transaction(own_house.context()) as tx:
        left = await tx.session.execute(
            text("select max(extract(epoch from locked_until - now())) from identity_credential")
        )
        assert 14 * 60 < left.scalar_one() <= 15 * 60
        await tx.session.execute(text("update identity_credential set locked_until = now()"))
    assert await attempt(own_house, PASSWORD) == 303


async def test_a_right_password_starts_the_count_anew(own_house: House) -> None:
    for _ in range(2):
        for _ in range(4):
            assert await attempt(own_house, WRONG) == 403
        assert await attempt(own_house, PASSWORD) == 303


async def test_right_passwords_at_once_all_succeed(own_house: House) -> None:
    assert set(await asyncio.gather(*(attempt(own_house, PASSWORD) for _ in range(8)))) == {303}


async def test_an_unknown_user_answers_like_a_wrong_password(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        page = await visitor.authorize()
        wrong = await visitor.submit(page, "/oauth/sign-in", user_name="official", password=WRONG)
        unknown = await visitor.submit(page, "/oauth/sign-in", user_name="offician", password=WRONG)
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    mask = str.maketrans({"n": "l"})
    style = wrong.text.index("</style>"), unknown.text.index("</style>")
    assert wrong.text[style[0] :].translate(mask) == unknown.text[style[1] :].translate(mask)


async def test_a_flood_of_sign_ins_is_turned_away_not_queued_without_end(
    own_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "WAITING_CHECKS", 5)
    answers = Counter(await asyncio.gather(*(attempt(own_house, PASSWORD) for _ in range(20))))
    assert answers.keys() == {303, 503}
    assert await attempt(own_house, PASSWORD) == 303
