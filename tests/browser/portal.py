"""examples/portal, built for a tenant of its own that has work on its desks, and served from an origin of its own."""

import copy
import functools
import http.server
import io
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from playwright.async_api import Page, expect
from rich.console import Console

from deploy.cli.demo.account import Account
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.chapters import staffing
from deploy.cli.demo.client import wait_for
from deploy.cli.demo.people import id_number, must
from deploy.cli.stack.testing import RunningStack
from tests.tenants import DESCRIPTION, add_tenant

SOURCE = Path(__file__).parents[2] / "examples" / "portal"
BEGINS = datetime(2024, 9, 2, 1, tzinfo=UTC)
REVIEWER, COLLEAGUE = "hohhot.society.approver", "hohhot.society.colleague"
HANDLER = "hohhot.society.handler"
DRAFTER, HEAD = "xincheng.society.handler", "xincheng.society.approver"
APPLICANT = "applicant.first"
USERS = (
    *(REVIEWER, DRAFTER, HEAD, HANDLER, "hohhot.organization.handler", "huimin.society.handler"),
    *("xincheng.party.approver", "xincheng.government.approver", "qingsong.office.handler", "admin.system"),
)
METHOD: dict[str, Any] = {
    "components": [
        {"code": "political_quality", "label": "政治素质", "weight": 3000, "stage": "county"},
        {"code": "work_results", "label": "工作实绩", "weight": 4000, "stage": "county"},
        {"code": "satisfaction", "label": "居民满意度", "weight": 3000, "stage": "residents"},
    ],
    "grades": [
        {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
        {"code": "competent", "label": "合格", "from_score": "60"},
        {"code": "failed", "label": "不合格", "from_score": "0", "before_score": "60", "failing": True},
    ],
    "stages": ["county", "residents", "confirm"],
    "participation": {"months_at_least": 6},
    "survey_minimum": 1,
    "appeal_days": 0,
}
CHENGUANG, SONGTAO, YUNLING = "150102091091", "150102091092", "150102092091"


class World:
    """What the tests of the portal do over the API, as others would at the same time."""

    def __init__(self, stack: RunningStack, made: dict[str, Any], address: str) -> None:
        self.address = address
        self.slug: str = made["tenant"]
        self.passwords = {each["user_name"]: each["password"] for each in made["sign_ins"]}
        self.tenant = Tenant(stack.base_url, made, stack.data_dir)
        self._cast = Cast(self.tenant, self.tenant, Account(staffing.STEPS, Console(file=io.StringIO())))

    def at(self, *parts: str) -> str:
        """The address of a page of the portal."""
        return "/".join((f"{self.address}#", self.slug, *parts))

    def fix_numbers(self) -> None:
        """From the population to the numbers of communities, as the story tells it."""
        staffing.tell(self._cast)

    def open_plan(self, title: str, community: str = CHENGUANG) -> str:
        """Draft and submit a plan; the id of its case at the league's review."""
        drafter = self.tenant[DRAFTER]
        wait_for(lambda: drafter.get("/recruitment/plans").status_code == 200, "the tenant in recruitment")
        unit = self._cast.units[community]["id"]
        item = {
            "community_unit_id": unit,
            "category": "community_staff",
            "post_title": "社区专职工作人员",
            "posts": 1,
        }
        draft = {"title": title, "publicity_days": 5, "publicity_unit": "working", "items": [item]}
        plan = must(drafter.post("/recruitment/plans", draft), 201)["id"]

        def submitted() -> bool:
            # Recruitment hears of the numbers by event.
            return drafter.post(f"/recruitment/plans/{plan}/submit").status_code == 200

        wait_for(submitted, "the numbers in recruitment")
        case: str = wait_for(lambda: drafter.get(f"/recruitment/plans/{plan}").json()["case_id"], "the reserved posts")
        return case

    def decide(self, user: str, service: str, case: str, action: str, step: str) -> None:
        """Decide as somebody else does."""
        body = {"action": action, "step": step, "comment": "同意"}
        must(self.tenant[user].post(f"/{service}/approvals/{case}/decisions", body), 200)

    def publish(self) -> str:
        """The notice of an approved plan, for which the applicant signs up; its id."""
        case = self.open_plan("2024年秋季公开招聘方案")
        self.decide(REVIEWER, "recruitment", case, "approve", "league_review")
        self.decide("hohhot.organization.handler", "recruitment", case, "acknowledge", "league_filing")
        plan = must(self.tenant[DRAFTER].get(f"/recruitment/approvals/{case}"), 200)["subject_id"]
        text = {
            "plan_id": plan,
            "title": "新城区2024年公开招聘社区专职工作人员公告",
            "conditions": "符合《内蒙古自治区社区工作者管理办法（试行）》第九条规定的基本条件。",
            "materials": [{"kind": "identity_card", "title": "身份证件", "required": True}],
            "exam": {"written_weight": 5000, "interview_weight": 5000},
            "closes_at": "2024-09-20T10:00:00+00:00",
            "age_reference_date": "2024-09-02",
        }
        notice = must(self.tenant[DRAFTER].post("/recruitment/notices", text), 201)
        stated: dict[str, Any] = {"bool": False, "texts": [], "int": 0, "text": "", "date": "2024-09-02"}
        asked = {each["name"]: stated[each["kind"]] for each in notice["declarations"] if each["required"]}
        form = {
            "item_id": notice["items"][0]["id"],
            "name": "周晓岚",
            "id_number": "990101199001010027",
            "phone": "19900000001",
            "education_code": "21",
            "declarations": asked | {"citizen": True},
        }
        must(self.tenant[APPLICANT].post("/recruitment/my/applications", form), 201)
        return str(notice["id"])

    def open_scheme(self, title: str, valid_from: str = "2024-09-02") -> str:
        """Draft and submit a method of assessment; the id of its case at the county's own approver."""
        drafter = self.tenant[DRAFTER]
        wait_for(lambda: drafter.get("/assessment/cycles").status_code == 200, "the tenant in assessment")
        draft = {"title": title, "valid_from": valid_from, "terms": METHOD}
        made = must(drafter.post("/assessment/schemes", draft), 201)
        return str(must(drafter.post(f"/assessment/schemes/{made['id']}/submit"), 200)["case_id"])

    def open_survey(self) -> tuple[str, str]:
        """A survey about somebody in post; its id and a token for it."""
        drafter, community = self.tenant[DRAFTER], self._cast.units[SONGTAO]["id"]
        worker = {
            "full_name": "吴辰远",
            "id_number": id_number("19920308", "005"),
            "phone": "13900000001",
            "category": "community_staff",
            "community_unit_id": community,
            "posts": [{"role": "staff", "valid_from": "2021-03-01"}],
            "background": {"education_code": "31"},
        }
        must(drafter.post("/roster/dossiers/imports", worker), 201)
        self.decide(HEAD, "assessment", self.open_scheme("年度考核办法"), "approve", "approval")
        listed = functools.partial(drafter.get, "/assessment/participants", on="2024-09-02")
        wait_for(lambda: listed().json()["items"], "the worker in assessment")
        cycle = must(drafter.post("/assessment/cycles", {"year": 2024}), 201)["id"]
        (result,) = must(drafter.get("/assessment/results", cycle_id=cycle, state="open"), 200)["items"]
        scores = [
            {"result_id": result["id"], "component": each["code"], "points": "80"} for each in METHOD["components"][:2]
        ]
        must(drafter.post("/assessment/scores", {"scores": scores}), 200)
        must(drafter.post(f"/assessment/cycles/{cycle}/advance", {"stage": "county"}), 200)
        questions = [
            {"code": "timely", "text": "社区服务是否及时", "best": 5},
            {"code": "whole", "text": "总体满意度", "best": 100},
        ]
        opening = {"title": "居民满意度测评", "questions": questions, "closes_on": "2024-09-30"}
        survey = must(drafter.post(f"/assessment/cycles/{cycle}/survey", opening), 201)["id"]
        order = {"community_unit_id": community, "count": 2}
        sheet = self.tenant["qingsong.office.handler"].post(f"/assessment/surveys/{survey}/tokens", order)
        return survey, must(sheet, 201)["tokens"][0]

    def move_to(self, instant: str) -> None:
        """Move the tenant's business time on."""
        self._cast.move_to(instant)


class _Files(http.server.SimpleHTTPRequestHandler):
    """Any server of static files."""

    def log_message(self, *_: object) -> None:
        """Addresses with codes stay out of the test's output."""


async def sign_in(page: Page, world: World, user: str, *where: str) -> None:
    """Open a page that asks for it and sign in, by the keyboard alone."""
    await page.goto(world.at(*where))
    await page.get_by_role("main").get_by_role("button", name="登录").press("Enter")
    await expect(page.locator("#user_name")).to_be_focused()
    await page.keyboard.type(user)
    await page.keyboard.press("Tab")
    await page.keyboard.type(world.passwords[user])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="退出登录")).to_be_visible()


@contextmanager
def portal(stack: RunningStack, folder: Path) -> Iterator[World]:
    """The portal of a new tenant, served while the context lasts."""
    dist = folder / "dist"
    handler = functools.partial(_Files, directory=str(dist))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        origin = f"http://localhost:{server.server_port}"
        made = add_tenant(stack, "portal", BEGINS, _description(folder, origin), DESCRIPTION.parent)
        build(stack.base_url, made, folder, dist)
        threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True).start()
        world = World(stack, made, f"{origin}/")
        try:
            yield world
        finally:
            world.tenant.close()
            server.shutdown()


def build(platform: str, made: dict[str, Any], folder: Path, dist: Path) -> None:
    """Build the portal for a tenant, with the packages of its lock file."""
    configuration = folder / "portal.json"
    tenant = {"slug": made["tenant"], "title": made["name"], "client_id": made["clients"]["portal"]["client_id"]}
    configuration.write_text(json.dumps({"platform": platform, "tenants": [tenant]}))
    vite = ("node", "node_modules/vite/bin/vite.js", "build", "--outDir", str(dist), "--logLevel", "error")
    environment = {**os.environ, "PORTAL_CONFIGURATION": str(configuration)}
    subprocess.run(vite, cwd=SOURCE, env=environment, check=True)


def _description(folder: Path, origin: str) -> Path:
    """The demonstration's tenant with few people (passwords are slow on purpose) and the portal at its origin."""
    plan = yaml.safe_load(DESCRIPTION.read_text())
    users = [each for each in plan["users"] if each["user_name"] in USERS]
    reviewer = next(each for each in users if each["user_name"] == REVIEWER)
    colleague = copy.deepcopy(reviewer) | {"user_name": COLLEAGUE, "display_name": "柳扶苏"}
    at = {"redirect_uris": [f"{origin}/"], "sign_out_uris": [f"{origin}/"], "origins": [origin]}
    clients = [each | at if each["suffix"] == "portal" else each for each in plan["clients"]]
    plan |= {"users": [*users, colleague], "applicants": plan["applicants"][:1], "clients": clients}
    description = folder / "portal-tenant.yaml"
    description.write_text(yaml.safe_dump(plan, allow_unicode=True))
    return description
