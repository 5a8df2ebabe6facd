"""examples/portal in real Chromium: an official's desk, and what a tenant shows to everybody (T13, A5, X5)."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from deploy.cli.stack.testing import RunningStack
from tests.browser.portal import APPLICANT, COLLEAGUE, HANDLER, HEAD, REVIEWER, SONGTAO, YUNLING, World, portal, sign_in
from tests.chromium import PATIENCE_MS, Visit

REFUSED = "Failed to load resource"
"""What Chromium's console says of every answer from 400 on; some of these are what a test is about."""


@pytest.fixture(scope="module")
def world(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with portal(stack, tmp_path_factory.mktemp("portal")) as made:
        made.fix_numbers()
        yield made


@pytest.fixture(scope="module")
def notice(world: World) -> str:
    return world.publish()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """A fresh browser profile; whatever the portal does, it asks nobody else and breaks nothing."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    visit = Visit(await context.new_page())
    broken: list[str] = []
    visit.page.on("pageerror", lambda error: broken.append(str(error)))
    yield visit
    await context.close()
    assert visit.hosts <= {"localhost"}
    assert [each for each in visit.complaints if not each.startswith(REFUSED)] == []
    assert broken == []


def item(page: Page, name: str) -> Locator:
    return page.locator(".item", has_text=name)


async def test_an_item_comes_while_the_official_looks_and_goes_with_the_decision(visit: Visit, world: World) -> None:
    page = visit.page
    await sign_in(page, world, REVIEWER, "worklist")
    await expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    await expect(page.locator(".standing")).to_have_text("实时更新")
    await expect(page.locator(".item")).to_have_count(0)
    world.open_plan("2024年补充招聘方案")
    waiting = item(page, "招聘方案审核与备案")
    await expect(waiting).to_contain_text("盟市党委社会工作部门审核")
    await expect(page.locator("[data-tile=mine] b")).to_have_text("1")
    await waiting.get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("招聘方案审核与备案")
    await expect(page.locator("main")).to_contain_text("2024年补充招聘方案")
    await expect(page.locator(".timeline li")).to_have_count(1)
    await expect(page.locator(".timeline")).to_contain_text("提交")
    await page.locator(".steps").get_by_role("button", name="NM-8").first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("招聘方案应当经盟市党委社会工作部门审核")
    await page.get_by_role("button", name="关闭").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_label("同意", exact=False).first.check()
    await page.get_by_label("意见").fill("同意")
    await page.get_by_role("button", name="提交办理").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    await expect(page.locator(".arrival")).to_have_text("已办理：同意")
    await expect(page.locator(".nothing")).to_have_text("没有待办事项。")


async def test_who_comes_second_is_told_what_the_first_did(visit: Visit, world: World) -> None:
    page, case = visit.page, world.open_plan("2024年松涛社区招聘方案", SONGTAO)
    await sign_in(page, world, REVIEWER, "cases", "recruitment", case)
    await page.get_by_label("不同意").check()
    await page.get_by_label("意见").fill("材料不齐")
    world.decide(COLLEAGUE, "recruitment", case, "approve", "league_review")
    await page.get_by_role("button", name="提交办理").click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("其他人已先行办理")
    await expect(alert).to_contain_text("盟市 · 党委社会工作部门 同意")
    await expect(alert).to_be_focused()
    await expect(page.locator(".timeline li")).to_have_count(2)
    await expect(page.locator("main")).to_contain_text("当前岗位在此事项上没有可办的操作")


async def test_a_step_is_handed_on_to_a_colleague_and_taken_back(visit: Visit, world: World) -> None:
    page, case = visit.page, world.open_plan("2024年转办的招聘方案", YUNLING)
    where = world.at("cases", "recruitment", case)
    to = page.get_by_label("转办给")

    async def hand_on(name: str) -> None:
        await to.select_option(label=name)
        await page.get_by_role("button", name="提交办理").click()
        await expect(page.locator(".arrival")).to_have_text("已办理：转办")
        await page.goto(where)
        await page.get_by_label("转办", exact=False).first.check()

    await sign_in(page, world, REVIEWER, "cases", "recruitment", case)
    await page.get_by_label("转办", exact=False).first.check()
    await expect(to.locator("option")).to_have_count(3)
    assert set(await to.locator("option").all_inner_texts()) == {"请选择", "柳扶苏", "韩知遥"}
    await hand_on("韩知遥")
    await expect(page.locator(".steps")).to_contain_text("已转办")
    await expect(to.locator("option:checked")).to_have_text("韩知遥")
    await hand_on("收回转办")
    await expect(page.locator(".timeline li")).to_have_count(3)
    await expect(page.locator(".steps")).not_to_contain_text("已转办")
    await hand_on("韩知遥")
    world.decide(HANDLER, "recruitment", case, "approve", "league_review")
    await page.goto(world.at("worklist"))
    await page.goto(where)
    await expect(page.locator(".timeline li").last).to_contain_text("同意")


async def test_by_keyboard_alone_a_case_is_claimed_and_returned_with_what_is_wrong(visit: Visit, world: World) -> None:
    page = visit.page
    world.open_scheme("键盘办理的考核办法", "2026-09-02")
    await sign_in(page, world, HEAD, "worklist")
    await expect(page.locator(".item")).to_have_count(1)
    await page.reload()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    await page.keyboard.press("Enter")
    link = page.locator(".item a")
    await tab_to(page, link)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_be_focused()
    await tab_to(page, page.locator("input[name=action]").first)
    await choose(page, "认领")
    await tab_to(page, page.get_by_role("button", name="提交办理"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".steps")).to_contain_text("已认领")
    await tab_to(page, page.locator("input[name=action]").first)
    await choose(page, "退回修改")
    await tab_to(page, page.get_by_label("意见"))
    await page.keyboard.insert_text("请改正")
    await tab_to(page, page.get_by_label("说明"))
    await page.keyboard.insert_text("等次分数线不连续")
    await tab_to(page, page.get_by_role("button", name="提交办理"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".nothing")).to_have_text("没有待办事项。")
    await page.go_back()
    await expect(page.locator(".timeline li").last).to_contain_text("等次分数线不连续")
    await expect(page.locator(".state")).to_have_text("已退回")


async def tab_to(page: Page, wanted: Locator) -> None:
    """By Tab from where the focus is, round the page at most once; the focus is seen where it comes to be."""
    await expect(wanted).to_be_visible()
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            style = await wanted.evaluate("element => getComputedStyle(element).outlineStyle")
            assert style != "none"
            return
    raise AssertionError(f"Tab does not come to {wanted}")


async def choose(page: Page, name: str) -> None:
    """Within a group of radio buttons, by the arrow keys."""
    await page.keyboard.press("Space")
    for _ in range(20):
        if await page.get_by_label(name, exact=False).first.is_checked():
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {name}")


async def test_a_selection_is_decided_at_once(visit: Visit, world: World) -> None:
    page = visit.page
    for number, year in enumerate((2027, 2028)):
        world.open_scheme(f"批量办理的考核办法{number}", f"{year}-01-01")
    await sign_in(page, world, HEAD, "worklist")
    await expect(page.locator(".item")).to_have_count(2)
    for box in await page.locator(".item input").all():
        await box.check()
    await expect(page.locator(".selected")).to_have_text("已选 2 项")
    await page.get_by_role("button", name="批量办理").click()
    await expect(page.locator(".bulk")).to_contain_text("办结 2 项，未办 0 项")
    await expect(page.locator(".nothing")).to_have_text("没有待办事项。")


async def test_where_a_gateway_has_no_stream_the_desk_is_counted_now_and_then(visit: Visit, world: World) -> None:
    page = visit.page
    await page.route("**/api/v1/worklist/stream", lambda route: route.abort())
    # The desk is counted before the case is there and listed again when it is: the counts before it are those after it.
    lists = itertools.count()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        if next(lists) == 1:
            async with asyncio.timeout(PATIENCE_MS / 1000):
                while not (await answer.json())["items"]:
                    answer = await route.fetch()
        await route.fulfill(response=answer)

    await page.route("**/api/v1/worklist/items*", hold)
    await sign_in(page, world, HEAD, "worklist")
    await expect(page.locator(".standing")).to_have_text("定时更新")
    case = world.open_scheme("无实时通道时的考核办法", "2029-01-01")
    await expect(page.locator(".item")).to_have_count(1)
    world.decide(HEAD, "assessment", case, "reject", "approval")
    await expect(page.locator(".nothing")).to_have_text("没有待办事项。")


async def test_everybody_reads_a_notice_and_a_resident_answers_once(visit: Visit, world: World, notice: str) -> None:
    page = visit.page
    await page.goto(world.at())
    await page.get_by_role("link", name="新城区2024年公开招聘").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("公开招聘社区专职工作人员公告")
    await expect(page.locator("main")).to_contain_text("笔试 50%，面试 50%")
    await page.get_by_role("navigation").get_by_role("link", name="拟聘用公示").click()
    await expect(page.locator("main")).to_contain_text("今日没有公示。")
    survey, token = world.open_survey()
    for said in ("已收到，谢谢您的作答。", "测评码无效、已使用或测评已截止"):
        await page.goto(world.at("survey", survey, token))
        await page.get_by_role("radio", name="4 分").check()
        await page.get_by_label("总体满意度").fill("90")
        assert token not in page.url
        await page.get_by_role("button", name="提交").click()
        await expect(page.locator("main")).to_contain_text(said)


async def test_on_a_phone_no_page_is_wider_than_the_screen(visit: Visit, world: World, notice: str) -> None:
    page, case = visit.page, world.open_plan("2024年云岭社区招聘方案", YUNLING)
    await page.set_viewport_size({"width": 360, "height": 740})
    await sign_in(page, world, REVIEWER, "worklist")
    pages = {
        "待办": ("worklist",),
        "招聘方案审核与备案": ("cases", "recruitment", case),
        "招聘公告": ("notices",),
        "新城区2024年公开招聘社区专职工作人员公告": ("notices", notice),
        "拟聘用公示": ("publicity",),
    }
    for title, where in pages.items():
        await page.goto(world.at(*where))
        await expect(page.locator("h1")).to_have_text(title)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, where


async def test_the_switch_turns_all_into_english(visit: Visit, world: World, notice: str) -> None:
    page = visit.page
    await sign_in(page, world, REVIEWER, "worklist")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("h1")).to_have_text("Worklist")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("button", name="中文")).to_be_focused()
    await page.goto(world.at("cases", "recruitment", "00000000-0000-7000-8000-000000000000"))
    await expect(page.get_by_role("alert")).to_contain_text("No such record")


async def test_an_applicant_sees_the_own_application_and_a_refusal_names_its_article(
    visit: Visit, world: World, notice: str
) -> None:
    page = visit.page
    await sign_in(page, world, APPLICANT, "applications")
    await page.get_by_role("main").get_by_role("link", name="已报名").click()
    await expect(page.locator("main")).to_contain_text("990101********0027")
    await expect(page.locator("main")).to_contain_text("晨光社区（演示）")
    await expect(page.get_by_role("button", name="撤销报名")).to_be_visible()
    world.move_to("2024-09-21T01:00:00+00:00")
    page.on("dialog", lambda asked: asked.accept())
    await page.get_by_role("button", name="撤销报名").click()
    await expect(page.get_by_role("alert")).to_contain_text("NM-8")
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url(f"{world.address}**")


def test_the_build_loads_nothing_from_elsewhere(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    built = next(Path(tmp_path_factory.getbasetemp()).glob("portal*/dist/index.html")).read_text()
    assert "default-src &#39;none&#39;; script-src &#39;self&#39;; style-src &#39;self&#39;" in built
