"""Debian's Chromium, headless, for the tests that look at pages."""

import shutil
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000


def chromium() -> str | None:
    """Where Debian's Chromium is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The browser; each test takes a profile of its own from it."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        await started.close()


class Visit:
    """A page, every host it asked and every complaint of its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str | None] = set()
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
