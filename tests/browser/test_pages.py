"""The pages in real Chromium: the first page, and the API document whose "Authorize" really signs in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from deploy.cli.stack.testing import RunningStack
from tests.chromium import PATIENCE_MS, Visit
from tests.tenants import add_tenant

USER = "xincheng.society.handler"


@pytest.fixture(scope="module")
def tenant(stack: RunningStack) -> dict[str, Any]:
    """A demonstration tenant of its own."""
    return add_tenant(stack, "browser", datetime(2024, 9, 2, 1, tzinfo=UTC))


@pytest.fixture
async def visit(browser: Browser, stack: RunningStack) -> AsyncIterator[Visit]:
    """A fresh browser profile that reads Chinese."""
    context = await browser.new_context(locale="zh-CN", base_url=stack.base_url)
    context.set_default_timeout(PATIENCE_MS)
    yield Visit(await context.new_page())
    await context.close()


async def test_the_first_page_leads_on_in_chinese_and_english(
    visit: Visit, browser: Browser, stack: RunningStack
) -> None:
    page = visit.page
    await page.goto("/")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("社区工作者管理平台")
    for link in await page.get_by_role("link").all():
        address = str(await link.get_attribute("href"))
        answer = await page.request.get(address)
        assert answer.status == 200, address
    english = await browser.new_context(locale="en-GB", base_url=stack.base_url)
    other = await english.new_page()
    await other.goto("/")
    await expect(other.get_by_role("heading", level=1)).to_contain_text("managing community workers")
    await english.close()
    assert visit.complaints == []


async def test_a_problem_has_its_page(visit: Visit) -> None:
    await visit.page.goto("/problems/rule-refused")
    await expect(visit.page.get_by_role("heading", level=1)).to_contain_text("不符合规定")


async def test_authorize_signs_in_by_keyboard_and_the_document_then_calls(visit: Visit, tenant: dict[str, Any]) -> None:
    page = visit.page
    password = next(one["password"] for one in tenant["sign_ins"] if one["user_name"] == USER)
    await page.goto(f"/docs?tenant={tenant['tenant']}")
    await page.locator("button.authorize").first.click()
    scheme = page.locator(".auth-container", has_text="authorizationCode")
    async with page.context.expect_page() as opening:
        await scheme.locator(".auth-btn-wrapper button.authorize").click()
    sign_in = await opening.value
    # The user name has the focus; nothing but the keyboard from here.
    await expect(sign_in.locator("#user_name")).to_be_focused()
    await sign_in.keyboard.type(USER)
    await sign_in.keyboard.press("Tab")
    await sign_in.keyboard.type(password)
    async with sign_in.expect_event("close"):
        await sign_in.keyboard.press("Enter")
    await expect(scheme.locator(".auth-btn-wrapper button", has_text="Logout")).to_be_visible()
    await page.locator(".btn-done").first.click()
    operation = page.locator("#operations-directory-directory_get_tenant")
    await operation.locator("button.opblock-summary-control").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response .response-col_status")
    await expect(answer).to_contain_text("200")
    await expect(operation.locator(".live-responses-table")).to_contain_text(tenant["tenant"])
    assert visit.hosts <= {"localhost", "127.0.0.1"}, "a page asked another host"
    assert visit.complaints == []


async def test_a_wrong_password_is_told_and_leads_nowhere(visit: Visit, tenant: dict[str, Any]) -> None:
    page = visit.page
    await page.goto(
        f"/oauth/authorize?response_type=code&client_id={tenant['clients']['demo']['client_id']}"
        "&redirect_uri=http://127.0.0.1/callback&scope=openid&state=s&code_challenge_method=S256"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
    await page.fill("#user_name", USER)
    await page.fill("#password", "not the password 1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("用户名或口令不正确")
    assert urlsplit(page.url).path.startswith("/oauth/")
