"""The identity server's pages in real Chromium, by keyboard alone: nothing is loaded, nothing breaks the policy."""

import base64
import shutil
from collections.abc import AsyncIterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from gateway.identity import actions
from gateway.identity.factors import queries as factors
from gateway.identity.invitations import actions as invitations
from tests.chromium import FLAGS
from tests.security.identity.conftest import identity_server, own_house
from tests.security.identity.house import PASSWORD, House
from tests.security.identity.test_second_factor import account, code_of
from tests.security.identity.visitor import Visitor

__all__ = ["identity_server", "own_house"]

NEW = "Xilin-hot 2027"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        await started.close()


class Reader:
    """Somebody at a browser who has no mouse."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.page = page
        self.hosts: set[str | None] = set()
        self.complaints: list[str] = []
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    async def type(self, *words: str) -> None:
        """Type into the field that has the focus, the next ones by Tab, and send by Enter."""
        # A page is loaded a moment before its first field is given the focus.
        await self.page.locator("input:focus").wait_for()
        for at, word in enumerate(words):
            if at:
                await self.page.keyboard.press("Tab")
            await self.page.keyboard.insert_text(word)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def heading(self) -> str:
        """What the page is about."""
        return await self.page.inner_text("h1")


@pytest.fixture
async def reader(browser: Browser, own_house: House) -> AsyncIterator[Reader]:
    """A fresh browser profile that reads Chinese."""
    context = await browser.new_context(locale="zh-CN", base_url=own_house.issuer)
    context.set_default_timeout(30_000)
    reader = Reader(context, await context.new_page())
    yield reader
    await context.close()
    assert reader.hosts == {"localhost"}
    assert reader.complaints == []


async def test_an_administrator_comes_in_by_a_link_and_sets_up_a_second_factor(
    own_house: House, reader: Reader
) -> None:
    async with own_house.database.transaction(own_house.context()) as tx:
        await factors.write_setting(tx, "officials", 1)
        token, _ = await invitations.invite(tx, own_house.users["official"])
    page = reader.page
    await page.goto(invitations.address(own_house.issuer, token))
    assert await reader.heading() == "设置口令"
    await page.focus("#password")
    await reader.type(NEW, NEW)
    assert await reader.heading() == "设置第二步验证"
    assert await page.locator("figure svg").bounding_box() is not None
    spelled = (await page.inner_text("code")).replace(" ", "")
    secret = base64.b32decode(spelled)
    await reader.type(code_of(secret))
    assert await reader.heading() == "恢复码"
    await page.locator("a:focus").wait_for()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert await reader.heading() == "我的账号"


async def test_a_password_set_by_somebody_else_is_changed_on_the_way_to_the_application(
    own_house: House, reader: Reader
) -> None:
    async with own_house.database.transaction(own_house.context()) as tx:
        await actions.set_password(tx, own_house.users["deputy"], NEW, must_change=True)
    async with Visitor(own_house) as visitor:
        query = urlencode(visitor.request())
    await reader.page.goto(f"/oauth/authorize?{query}")
    assert await reader.heading() == "登录"
    await reader.type("deputy", NEW)
    assert await reader.heading() == "修改口令"
    await reader.page.focus("#password")
    await reader.type(PASSWORD, PASSWORD)
    assert await reader.heading() == "以哪个岗位办理？"


async def test_the_second_step_and_the_list_of_browsers(own_house: House, reader: Reader) -> None:
    page = reader.page
    await page.goto(f"/oauth/account?{urlencode(account(own_house))}")
    await reader.type("official", PASSWORD)
    assert await reader.heading() == "我的账号"
    assert "Chrome, Linux" in await page.inner_text("main")
    await page.goto(f"/oauth/account/second-factor?{urlencode(account(own_house))}")
    secret = base64.b32decode((await page.inner_text("code")).replace(" ", ""))
    # The step before, so that the present one is still good for the sign-in that follows.
    await reader.type(code_of(secret, -1))
    await page.context.clear_cookies()
    await page.goto(f"/oauth/account?{urlencode(account(own_house))}")
    await reader.type("official", PASSWORD)
    assert await reader.heading() == "第二步验证"
    await reader.type(code_of(secret))
    assert await reader.heading() == "我的账号"
