"""The user's own account: another password (also a forced one), the browsers signed in, one-time links."""

import asyncio
import re
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from gateway.edgefeed.changes import FamilyRevoked
from gateway.identity import actions, purging, rules
from gateway.identity.invitations import actions as invitations
from kernel.clock import utcnow
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.visitor import Visitor, answer_of

NEW = "Xilin-hot 2027"
WRONG = "Wrong password 1"
WEAK = "short"


def params(house: House) -> dict[str, str]:
    return {"client_id": house.browser.client_id}


async def account(visitor: Visitor, under: str = "") -> httpx.Response:
    return await visitor.http.get(f"/oauth/account{under}", params=params(visitor.house))


async def link_of(house: House, user: str) -> str:
    async with house.database.transaction(house.context()) as tx:
        token, _ = await invitations.invite(tx, house.users[user])
    return invitations.address(house.issuer, token)


# Another password


async def test_a_password_set_by_somebody_else_is_changed_at_the_first_sign_in(own_house: House) -> None:
    async with own_house.database.transaction(own_house.context()) as tx:
        await actions.set_password(tx, own_house.users["official"], NEW, must_change=True)
    async with Visitor(own_house) as visitor:
        page = await visitor.sign_in("official", NEW)
        assert "Change the password" in page.text
        assert answer_of(await visitor.authorize(prompt="none"))["error"] == "login_required"
        assert "Change the password" in (await account(visitor)).text
        for password, again, words in (
            (NEW, NEW, "Use another password"),
            ("password", "password", "at least three"),
            (PASSWORD, "x", "differ"),
        ):
            refused = await visitor.submit(page, "/oauth/password", password=password, again=again)
            assert (refused.status_code, words in refused.text) == (422, True)
        done = await visitor.submit(page, "/oauth/password", password=PASSWORD, again=PASSWORD)
        assert done.status_code == 303
        assert "code" in answer_of(await visitor.http.get(done.headers["location"]))
    async with Visitor(own_house) as visitor:
        assert "code" in answer_of(await visitor.sign_in("official", PASSWORD))


async def test_a_password_grows_old(own_house: House) -> None:
    async with own_house.database.transaction(own_house.context()) as tx:
        await tx.session.execute(
            text("update identity_credential set changed_at = now() - cast(:age as interval)"),
            {"age": rules.PASSWORD_AGE},
        )
    async with Visitor(own_house) as visitor:
        assert "has grown old" in (await visitor.sign_in("official")).text


async def test_the_forced_form_changes_nothing_for_who_need_not_change(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        await visitor.sign_in("official")
        page = await account(visitor, "/password")
        skipped = await visitor.submit(page, "/oauth/password", password=NEW, again=NEW)
        assert skipped.status_code == 303
    async with Visitor(own_house) as visitor:
        assert "code" in answer_of(await visitor.sign_in("official", PASSWORD))


async def test_a_user_changes_the_password_and_all_else_is_signed_out(own_house: House) -> None:
    async with Visitor(own_house) as visitor, Visitor(own_house) as elsewhere:
        tokens = await elsewhere.tokens()
        await visitor.sign_in("official")
        page = await account(visitor, "/password")
        form = "/oauth/account/password"
        wrong = await visitor.submit(page, form, current=WRONG, password=NEW, again=NEW)
        assert wrong.status_code == 403
        before = set(visitor.http.cookies.jar)
        done = await visitor.submit(page, form, current=PASSWORD, password=NEW, again=NEW)
        assert done.status_code == 303
        assert set(visitor.http.cookies.jar) != before
        assert (await visitor.http.get(done.headers["location"])).status_code == 200
        assert isinstance(own_house.feed.told[-1], FamilyRevoked)
        assert await elsewhere.user_info(tokens["access_token"]) == 401
        assert answer_of(await elsewhere.authorize(prompt="none"))["error"] == "login_required"


async def test_tries_at_the_present_password_are_counted_with_those_of_the_sign_in(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        await visitor.sign_in("official")
        page = await account(visitor, "/password")
        tries = (
            visitor.submit(page, "/oauth/account/password", current=WRONG, password=NEW, again=NEW) for _ in range(20)
        )
        assert {answer.status_code for answer in await asyncio.gather(*tries)} == {403}
    async with Visitor(own_house) as visitor:
        assert (await visitor.sign_in("official")).status_code == 403


# Browsers signed in


async def test_a_user_ends_other_browsers_one_by_one_or_all(own_house: House) -> None:
    visitors = [Visitor(own_house) for _ in range(4)]
    tokens = [await visitor.tokens() for visitor in visitors]
    here = visitors[0]
    here.http.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    await here.sign_in("official", prompt="login")
    page = await account(here)
    assert "Firefox, Windows" in page.text
    ids = re.findall(r'name="end" value="([0-9a-f-]{36})"', page.text)
    assert len(ids) == 4, "the three others, and the one that this browser had before"
    await here.submit(page, "/oauth/sessions", end=ids[0])
    alive = [await visitor.user_info(each["access_token"]) for visitor, each in zip(visitors, tokens, strict=True)]
    assert Counter(alive) == {200: 3, 401: 1}
    assert isinstance(own_house.feed.told[-1], FamilyRevoked)
    await here.submit(await account(here), "/oauth/sessions", end="others")
    alive = [await visitor.user_info(each["access_token"]) for visitor, each in zip(visitors, tokens, strict=True)]
    assert Counter(alive) == {401: 4}
    assert "End all others" not in (await account(here)).text
    assert answer_of(await visitors[1].authorize(prompt="none"))["error"] == "login_required"
    for visitor in visitors:
        await visitor.http.aclose()


async def test_nobody_ends_the_browsers_of_another(own_house: House) -> None:
    async with Visitor(own_house) as victim, Visitor(own_house) as attacker:
        tokens = await victim.tokens("applicant")
        async with own_house.database.transaction(own_house.context()) as tx:
            theirs = (await tx.session.execute(text("select id from identity_session"))).scalar_one()
        await attacker.sign_in("official")
        page = await account(attacker)
        assert str(theirs) not in page.text
        for end in (str(theirs), "others", "", "x"):
            assert (await attacker.submit(page, "/oauth/sessions", end=end)).status_code == 303
        assert await victim.user_info(tokens["access_token"]) == 200


async def test_the_account_asks_who_is_not_signed_in_to_sign_in(own_house: House) -> None:
    async with Visitor(own_house) as visitor:
        assert (await visitor.http.get("/oauth/account")).status_code == 401
        page = await account(visitor)
        done = await visitor.submit(page, "/oauth/sign-in", user_name="official", password=PASSWORD)
        assert done.status_code == 303
        assert done.headers["location"].startswith("/oauth/account?")
        assert "Browsers signed in" in (await visitor.http.get(done.headers["location"])).text
        assert "Browsers signed in" in (await visitor.http.get("/oauth/account")).text


@pytest.mark.parametrize("path", ["", "/password", "/second-factor", "/phone"])
async def test_the_pages_are_fenced_in_and_in_both_languages(own_house: House, path: str) -> None:
    async with Visitor(own_house) as visitor:
        await visitor.sign_in("official")
        english = await account(visitor, path)
        visitor.http.headers["Accept-Language"] = "zh-CN"
        chinese = await account(visitor, path)
    for page in (english, chinese):
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "<script" not in page.text
    assert not re.search(r"[\u4e00-\u9fff]", re.sub("测试旗|显示名|社会工作部", "", english.text.split("</style>")[1]))
    assert re.search(r"[\u4e00-\u9fff]", chinese.text)


# One-time links


async def test_a_link_sets_the_first_password_once(own_house: House) -> None:
    link = await link_of(own_house, "official")
    async with Visitor(own_house) as visitor, Visitor(own_house) as late:
        forms = await late.http.get(link)
        for _ in range(2):
            page = await visitor.http.get(link)
            assert (page.status_code, "official" in page.text) == (200, True), "looking does not use it"
        weak = await visitor.submit(page, "/oauth/link", password=WEAK, again=WEAK)
        assert weak.status_code == 422
        done = await visitor.submit(page, "/oauth/link", password=NEW, again=NEW)
        assert done.status_code == 303
        assert link.partition("=")[2] not in done.headers["location"]
        assert "Browsers signed in" in (await visitor.http.get(done.headers["location"])).text
        assert (await visitor.http.get(link)).status_code == 410
        assert (await late.submit(forms, "/oauth/link", password=PASSWORD, again=PASSWORD)).status_code == 410
    async with Visitor(own_house) as visitor:
        assert "code" in answer_of(await visitor.sign_in("official", NEW))


async def test_of_many_at_once_one_uses_a_link(own_house: House) -> None:
    link = await link_of(own_house, "official")
    async with Visitor(own_house) as visitor:
        page = await visitor.http.get(link)
        uses = (visitor.submit(page, "/oauth/link", password=NEW, again=NEW) for _ in range(8))
        answers = Counter(answer.status_code for answer in await asyncio.gather(*uses))
    assert answers == {303: 1, 410: 7}


async def test_links_end_by_time_and_by_a_newer_one_and_are_stored_as_hashes(own_house: House) -> None:
    first, second = await link_of(own_house, "official"), await link_of(own_house, "official")
    async with Visitor(own_house) as visitor:
        assert (await visitor.http.get(first)).status_code == 410
        assert (await visitor.http.get(second)).status_code == 200
        async with own_house.database.transaction(own_house.context()) as tx:
            rows = await tx.session.execute(text("select row_to_json(t)::text from identity_link t"))
            assert second.partition(".")[2] not in rows.scalar_one()
            await tx.session.execute(text("update identity_link set expires_at = now()"))
        assert (await visitor.http.get(second)).status_code == 410
    async with own_house.database.transaction(own_house.context()) as tx:
        await purging.purge(tx, utcnow() + timedelta(seconds=1))
        assert (await tx.session.execute(text("select count(*) from identity_link"))).scalar_one() == 0


@pytest.mark.parametrize("token", ["", "x", "é", "AAAAAAAAAAAAAAAAAAAAAA.x"])
async def test_what_is_no_link_leads_nowhere(visitor: Visitor, token: str) -> None:
    page = await visitor.http.get("/oauth/link", params={"token": token})
    # The last names a tenant that there is not.
    assert page.status_code == (400 if "." in token else 410)
    assert "<form" not in page.text
