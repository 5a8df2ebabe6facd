"""The pictures of the portal in docs/images, taken of a stack of its own: `make pictures`."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

from deploy.cli.stack.testing import RunningStack
from tests.browser.portal import REVIEWER, SONGTAO, World, portal, sign_in
from tests.chromium import FLAGS, chromium
from tests.conftest import open_folder

PICTURES = Path(__file__).parents[2] / "docs" / "images"
DESK: ViewportSize = {"width": 1120, "height": 560}
CASE: ViewportSize = {"width": 1120, "height": 1240}
PHONE: ViewportSize = {"width": 360, "height": 720}


async def take(world: World, pages: Mapping[str, tuple[ViewportSize, tuple[str, ...]]]) -> None:
    """A picture of each page, as the reviewer sees it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page: Page = await browser.new_page(locale="zh-CN")
        await sign_in(page, world, REVIEWER, "worklist")
        for name, (size, where) in pages.items():
            await page.set_viewport_size(size)
            await page.goto(world.at(*where))
            await page.locator("main .card, main dl").first.wait_for()
            await page.screenshot(path=PICTURES / f"portal-{name}.png")
        await browser.close()


def main() -> None:
    """Start a stack, lay work on a desk, take the pictures."""
    with open_folder("pictures") as folder, tempfile.TemporaryDirectory() as built:
        stack = RunningStack(folder).start("--no-demonstrations")
        try:
            with portal(stack, Path(built)) as world:
                world.fix_numbers()
                notice = world.publish()
                case = world.open_plan("2024年补充招聘社区专职工作人员方案")
                other = world.open_plan("2024年松涛社区招聘社区专职工作人员方案", SONGTAO)
                world.decide(REVIEWER, "recruitment", other, "claim", "league_review")
                pages = {
                    "worklist": (DESK, ("worklist",)),
                    "case": (CASE, ("cases", "recruitment", case)),
                    "notice": (PHONE, ("notices", notice)),
                }
                asyncio.run(take(world, pages))
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
