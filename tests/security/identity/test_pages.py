"""The sign-in pages: fenced in, forms only from us, 303 after POST, keyboard and both languages."""

import json
import re
from base64 import urlsafe_b64decode
from datetime import timedelta

import httpx
import pytest

from gateway.directory.tables import Substitution
from kernel.clock import local_date, utcnow
from kernel.ids import new_id
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.visitor import Visitor, answer_of


async def test_pages_cannot_be_framed_cached_or_leaked(visitor: Visitor) -> None:
    for page in (await visitor.authorize(), await visitor.authorize(redirect_uri="https://evil.example")):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce is not None
        assert f'<style nonce="{nonce[1]}">' in page.text
        assert "<script" not in page.text
        assert not re.search(r'(src|href)="(https?:)?//', page.text)


async def test_a_form_may_end_at_the_client_and_nowhere_else(visitor: Visitor) -> None:
    policy = (await visitor.authorize()).headers["content-security-policy"]
    assert "form-action 'self' http://localhost:9;" in policy


@pytest.mark.parametrize(
    ("accept", "words"), [("zh-CN,zh;q=0.9", "用户名"), ("en-GB", "User name"), ("fr", "用户名"), ("", "用户名")]
)
async def test_chinese_comes_first_english_on_wish(visitor: Visitor, accept: str, words: str) -> None:
    visitor.http.headers["Accept-Language"] = accept
    page = await visitor.authorize()
    assert words in page.text
    assert "测试旗" in page.text


async def test_after_a_post_the_browser_is_sent_on_with_303(visitor: Visitor) -> None:
    done = await visitor.submit(await visitor.authorize(), "/oauth/sign-in", user_name="official", password=PASSWORD)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/oauth/authorize?")
    assert done.headers["referrer-policy"] == "no-referrer"


FORMS = [
    "sign-in",
    "second",
    "password",
    "enrol",
    "acting-post",
    "consent",
    "register/code",
    "register",
    "forgotten",
    "reset",
    "link",
    "sessions",
    "account/password",
    "account/second-factor",
    "account/phone",
    "account/phone/code",
]


@pytest.mark.parametrize("path", [f"/oauth/{form}" for form in FORMS])
async def test_a_form_that_is_not_ours_is_refused(visitor: Visitor, house: House, path: str) -> None:
    page = await visitor.authorize()
    fields = {"user_name": "official", "password": PASSWORD, "again": PASSWORD, "decision": "allow", "acting": "person"}
    for csrf in ("", "0" * 64):
        refused = await visitor.submit(page, path, csrf=csrf, **fields)
        assert refused.status_code == 403
    # The right token without its cookie, as a page of another site would send it.
    async with Visitor(house) as other:
        assert (await other.submit(page, path, **fields)).status_code == 403


async def test_the_session_cookie_is_for_our_pages_only(visitor: Visitor) -> None:
    done = await visitor.submit(await visitor.authorize(), "/oauth/sign-in", user_name="official", password=PASSWORD)
    cookies = done.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


async def test_on_https_cookies_are_secure_and_bound_to_the_host(house: House, visitor: Visitor) -> None:
    house.desk.secure, before = True, house.desk.secure
    try:
        cookies = (await visitor.authorize()).headers.get_list("set-cookie")
    finally:
        house.desk.secure = before
    assert [cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies] == [True]


async def test_a_user_in_several_posts_chooses_one(visitor: Visitor, house: House) -> None:
    page = await visitor.sign_in("deputy")
    assert page.status_code == 200
    assert "In which post" in page.text
    foreign = await visitor.submit(page, "/oauth/acting-post", acting=str(house.posts["official.handler"]))
    assert (await visitor.http.get(foreign.headers["location"])).status_code == 200
    done = await visitor.submit(page, "/oauth/acting-post", acting=str(house.posts["deputy.approver"]))
    code = answer_of(await visitor.http.get(done.headers["location"]))["code"]
    assert (await visitor.redeem(code)).status_code == 200
    assert answer_of(await visitor.authorize(prompt="none"))["code"]
    assert (await visitor.authorize(prompt="select_account")).status_code == 200


async def test_a_client_that_is_not_trusted_asks_for_consent_each_time(asking_house: House) -> None:
    async with Visitor(asking_house) as visitor:
        page = await visitor.sign_in("official")
        assert "act for you" in page.text
        assert answer_of(await visitor.authorize(prompt="none"))["error"] == "consent_required"
        denied = await visitor.submit(page, "/oauth/consent", decision="deny")
        assert denied.status_code == 303
        assert answer_of(denied)["error"] == "access_denied"
        assert answer_of(denied)["iss"] == asking_house.issuer
        allowed = await visitor.submit(page, "/oauth/consent", decision="allow")
        assert allowed.status_code == 303
        assert (await visitor.redeem(answer_of(allowed)["code"])).status_code == 200


async def test_consent_without_a_session_leads_to_the_sign_in(asking_house: House) -> None:
    async with Visitor(asking_house) as visitor:
        page = await visitor.authorize()
        answer = await visitor.submit(page, "/oauth/consent", decision="allow")
        assert answer.status_code == 200
        assert "User name" in answer.text


async def test_input_is_shown_again_as_text(visitor: Visitor) -> None:
    nasty = '"><img src=x onerror=alert(1)>'
    page: httpx.Response = await visitor.submit(
        await visitor.authorize(), "/oauth/sign-in", user_name=nasty, password=PASSWORD
    )
    assert page.status_code == 403
    assert "<img" not in page.text


async def test_a_substitute_chooses_the_post_and_sees_for_whom_and_until_when(visitor: Visitor, house: House) -> None:
    post, today = house.posts["deputy.approver"], local_date(utcnow())
    substitution = Substitution(
        tenant_id=house.tenant,
        id=new_id(),
        post_id=post,
        user_id=house.users["official"],
        valid_from=today,
        valid_before=today + timedelta(days=7),
        reason="出差",
    )
    async with house.database.transaction(house.context()) as tx:
        tx.session.add(substitution)
    page = await visitor.sign_in("official")
    assert f"for 显示名deputy until {today + timedelta(days=6)}" in page.text
    done = await visitor.submit(page, "/oauth/acting-post", acting=str(post))
    redeemed = await visitor.redeem(answer_of(await visitor.http.get(done.headers["location"]))["code"])
    tokens = redeemed.json()
    claims = json.loads(urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))
    assert (claims["post"], claims["sub"]) == (str(post), str(house.users["official"]))
    # Once it is over the session goes on in nobody's place: the token is not renewed, and there is nothing to choose.
    async with house.database.transaction(house.context()) as tx:
        row = await tx.session.get_one(Substitution, (house.tenant, substitution.id))
        row.valid_before = today
    refused = await visitor.refresh(tokens["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    again = await visitor.redeem(answer_of(await visitor.authorize())["code"])
    claims = json.loads(urlsafe_b64decode(again.json()["access_token"].split(".")[1] + "=="))
    assert claims["post"] == str(house.posts["official.handler"])
