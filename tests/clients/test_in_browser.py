"""oidc-client-ts in real Chromium: an application in the browser, on another origin than the platform (T6, case 23)."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect

from tests.chromium import PATIENCE_MS, Visit
from tests.clients.place import USER, Place
from tests.clients.server import HELD, Pages
from tests.clients.test_refusals import CALLBACKS


class Application(Visit):
    """The page, with what it shows."""

    async def open(self, place: Place, origin: str) -> None:
        """Load it with what it was told at registration."""
        told = {"authority": place.issuer, "client_id": place.clients["page"]["client_id"]}
        await self.page.goto(f"{origin}/app.html?{urlencode(told)}")

    async def sign_in(self, place: Place) -> None:
        """By the keyboard alone: the application's button, user name, password."""
        await self.page.keyboard.press("Tab")
        await expect(self.page.get_by_role("button", name="Sign in")).to_be_focused()
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#user_name")).to_be_focused()
        await self.page.keyboard.type(USER)
        await self.page.keyboard.press("Tab")
        await self.page.keyboard.type(place.password)
        await self.page.keyboard.press("Enter")

    async def user(self, *, other_than: str = "") -> dict[str, Any]:
        """The user shown, once there is one (with another access token)."""
        shown = self.page.locator("#user")
        await expect(shown).to_contain_text("access_token")
        await expect(shown).not_to_contain_text(other_than or "no token yet")
        found: dict[str, Any] = json.loads(await shown.inner_text())
        return found


@pytest.fixture
async def application(browser: Browser) -> AsyncIterator[Application]:
    """In a fresh profile."""
    context = await browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield Application(await context.new_page())
    await context.close()


async def test_an_application_in_the_browser_completes_the_good_path(
    application: Application, place: Place, pages: Pages
) -> None:
    await application.open(place, pages.origin)
    await application.sign_in(place)
    first = await application.user()
    assert first["profile"]["preferred_username"] == USER
    assert place.opens(first["access_token"])

    await application.page.get_by_role("button", name="Renew").press("Enter")
    second = await application.user(other_than=first["access_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["profile"]["sub"] == first["profile"]["sub"]

    await application.page.get_by_role("button", name="Sign out").press("Enter")
    await expect(application.page.get_by_text("Signed out")).to_be_visible()
    assert application.page.url.startswith(f"{pages.origin}/bye.html")
    assert not place.opens(first["access_token"])
    assert not place.opens(second["access_token"])
    assert application.complaints == []
    assert application.hosts == {"localhost"}


async def answered(application: Application, pages: Pages, place: Place) -> str:
    """Sign in; the address that the browser is sent to with the code, which the application does not see yet."""
    pages.holds_codes = True
    try:
        await application.sign_in(place)
        await expect(application.page.get_by_text(HELD)).to_be_visible()
    finally:
        pages.holds_codes = False
    return application.page.url


@pytest.mark.parametrize("name", CALLBACKS)
async def test_an_answer_that_is_not_ours_is_not_taken(
    application: Application, name: str, place: Place, pages: Pages
) -> None:
    await application.open(place, pages.origin)
    callback = await answered(application, pages, place)
    await application.page.goto(CALLBACKS[name](callback))
    await expect(application.page.locator("#refused")).to_contain_text(re.compile("state|issuer"))
    # The code was not sent with it: it is still good.
    await application.page.goto(callback)
    assert (await application.user())["profile"]["preferred_username"] == USER


async def test_a_page_of_an_origin_that_no_client_registered_learns_nothing(
    application: Application, place: Place, pages: Pages
) -> None:
    """The same page by another name of the host: the browser may not read even the document about the server."""
    await application.open(place, pages.origin.replace("localhost", "127.0.0.1"))
    await application.page.get_by_role("button", name="Sign in").press("Enter")
    await expect(application.page.locator("#refused")).to_contain_text("Failed to fetch")
    assert any("CORS" in complaint for complaint in application.complaints)
