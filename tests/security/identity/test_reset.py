"""A forgotten password: a code to the phone of the account, and nothing that tells whether there is one."""

import re

import httpx
from sqlalchemy import text

from gateway.edgefeed.changes import FamilyRevoked
from gateway.identity.checks import actions as checks
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.post import code_to, deliver
from tests.security.identity.test_registration import other, shape
from tests.security.identity.visitor import HIDDEN, Visitor, answer_of

PHONE = "13900000003"
NEW = "Xilin-hot 2027"


async def give_phone(house: House, user: str) -> None:
    async with house.database.transaction(house.context()) as tx:
        await checks.keep_phone(tx, house.users[user], house.persons.get(user), PHONE)


async def forget(visitor: Visitor, user: str) -> httpx.Response:
    page = await visitor.http.get("/oauth/forgotten", params=visitor.request())
    assert page.status_code == 200
    return await visitor.submit(page, "/oauth/forgotten", user_name=user)


async def reset(visitor: Visitor, page: httpx.Response, code: str, password: str = NEW) -> httpx.Response:
    return await visitor.submit(page, "/oauth/reset", code=code, password=password, again=password)


async def test_a_code_to_the_phone_sets_another_password_and_ends_every_sign_in(own_house: House) -> None:
    for user in ("official", "applicant"):
        await give_phone(own_house, user)
        async with Visitor(own_house) as visitor:
            tokens = await visitor.tokens(user)
            page = await forget(visitor, user)
            code = await code_to(own_house, PHONE)
            weak = await reset(visitor, page, code, "password")
            assert (weak.status_code, "at least three" in weak.text) == (422, True)
            same = await reset(visitor, page, code, PASSWORD)
            assert (same.status_code, "Use another password" in same.text) == (422, True)
            done = await reset(visitor, page, code)
            assert done.status_code == 303
            assert isinstance(own_house.feed.told[-1], FamilyRevoked)
            assert await visitor.user_info(tokens["access_token"]) == 401
            assert (await reset(visitor, page, code, PASSWORD)).status_code == 403, "a code resets once"
        async with Visitor(own_house) as visitor:
            assert "code" in answer_of(await visitor.sign_in(user, NEW))


async def test_unknown_users_and_users_without_a_phone_are_answered_alike(own_house: House) -> None:
    await give_phone(own_house, "official")
    async with Visitor(own_house) as visitor:
        pages = [await forget(visitor, user) for user in ("official", "deputy", "nobody-at-all")]
        assert {shape(page) for page in pages} == {shape(pages[0])}
        assert len(await deliver(own_house)) == 1
        for page in pages[1:]:
            refused = await reset(visitor, page, "123456")
            assert refused.status_code == 403
        async with own_house.database.transaction(own_house.context()) as tx:
            events = await tx.session.execute(
                text(
                    "select row_to_json(o)::text from k_outbox o where aggregate_type in ('check', 'message')"
                    " union all select row_to_json(a)::text from k_outbox_archive a"
                    " where aggregate_type in ('check', 'message')"
                )
            )
            kept = " ".join(events.scalars())
        assert not re.search("official|deputy|nobody", kept)


async def test_a_code_of_one_purpose_or_user_opens_nothing_else(own_house: House) -> None:
    await give_phone(own_house, "official")
    async with Visitor(own_house) as visitor:
        page = await forget(visitor, "official")
        code = await code_to(own_house, PHONE)
        fields = {"code": code, "user_name": "newcomer", "password": NEW, "again": NEW}
        assert (await visitor.submit(page, "/oauth/register", **fields)).status_code == 403
        other_page = await forget(visitor, "deputy")
        assert (await reset(visitor, other_page, code)).status_code == 403
        assert (await reset(visitor, page, other(code))).status_code == 403
        assert (await reset(visitor, page, code)).status_code == 303


async def test_a_user_gives_the_phone_that_answers(own_house: House) -> None:
    async with Visitor(own_house) as visitor, Visitor(own_house) as elsewhere:
        await visitor.sign_in("official")
        account = {"client_id": own_house.browser.client_id}
        page = await visitor.http.get("/oauth/account/phone", params=account)
        wrong = await visitor.submit(page, "/oauth/account/phone", phone=PHONE, current="Wrong password 1")
        assert wrong.status_code == 403
        assert await deliver(own_house) == []
        asked = await visitor.submit(page, "/oauth/account/phone", phone=PHONE, current=PASSWORD)
        code = await code_to(own_house, PHONE)
        # Another user who has the form and the code keeps nothing by it.
        await elsewhere.sign_in("applicant")
        theirs = await elsewhere.http.get("/oauth/account/phone", params=account)
        check = dict(HIDDEN.findall(asked.text))["check"]
        stolen = await elsewhere.submit(theirs, "/oauth/account/phone/code", check=check, code=code)
        assert stolen.status_code == 403
        assert (await visitor.submit(asked, "/oauth/account/phone/code", code=other(code))).status_code == 403
        assert (await visitor.submit(asked, "/oauth/account/phone/code", code=code)).status_code == 303
        async with own_house.database.transaction(own_house.context()) as tx:
            assert await checks.phone_of(tx, own_house.users["official"]) == PHONE
            assert await checks.phone_of(tx, own_house.users["applicant"]) is None
