"""A recruitment in a made-up county, as far as a test needs it: plan, notice, sign-ups, review, stages, hire."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec

from contracts.roster import HeadcountChanged, HeadcountReserved
from kernel.events.envelope import Envelope, body
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, person

BASE = "/api/v1/recruitment"
START = datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
CLOSES = datetime(2024, 9, 20, 9, 30, tzinfo=UTC)
EXAM = datetime(2024, 9, 23, 1, 0, tzinfo=UTC)
AFTER_PUBLICITY = datetime(2024, 10, 30, 1, 0, tzinfo=UTC)
REFERENCE = date(2024, 9, 30)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DECLARATIONS: dict[str, Any] = {
    "citizen": True,
    "criminal_penalty": False,
    "criminal_case_open": False,
    "joint_punishment_listed": False,
    "identities": [],
}
JUDGED = (
    "eligibility.politics",
    "eligibility.conduct",
    "eligibility.fitness",
    "eligibility.post",
    "bar.state_security",
    "bar.statements",
    "bar.expelled",
    "bar.other",
)


def id_number(birth: date, number: int = 1) -> str:
    """A made-up ID number of the region 99, with a right check digit (GB 11643)."""
    head = f"990101{birth:%Y%m%d}{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True))
    return head + "10X98765432"[total % 11]


class Journey:
    """One tenant with the officials of the story. Every step answers the response; `made` insists on success."""

    def __init__(self, tenant: TestTenant, posts: dict[str, Caller]) -> None:
        self.tenant = tenant
        self.posts = posts
        self._numbers = 100

    @classmethod
    async def begin(cls, service: ServiceUnderTest, pack: str) -> "Journey":
        tenant = await service.new_tenant(pack, now=START)
        posts = {
            "handler": await tenant.appoint("county", "society_work"),
            "approver": await tenant.appoint("county", "society_work", "approver"),
            "league": await tenant.appoint("league", "society_work", "approver"),
            "league_handler": await tenant.appoint("league", "society_work"),
            "organization": await tenant.appoint("league", "organization"),
            "township": await tenant.appoint("township", "township_office"),
            "sibling": await tenant.appoint("sibling_county", "society_work"),
        }
        journey = cls(tenant, posts)
        for unit in ("community", "other_community"):
            await journey.tell_headcount(unit, fixed=50)
        return journey

    # news from roster

    async def deliver(self, event: Event, aggregate_id: UUID, version: int = 1) -> Outcome:
        """Hand the event to the inbox as the broker would."""
        kind, service = type(event), self.tenant.service
        envelope = Envelope(
            id=new_id(),
            source=kind.source,
            tenant=self.tenant.id,
            aggregate_type=kind.aggregate,
            aggregate_id=aggregate_id,
            version=version,
            event=kind.name,
            event_version=kind.v,
            business_time=self.tenant.now,
            recorded_at=self.tenant.now,
            body=body(msgspec.json.encode(event).decode(), None),
        )
        subscriptions = Subscriptions()
        for each in service.service.subscriptions:
            subscriptions.include(each)
        outcome, _ = await receive(service.database, service.config, subscriptions, envelope)
        return outcome

    async def tell_headcount(
        self,
        unit: str,
        *,
        fixed: int | None,
        occupied: int = 0,
        reserved: int = 0,
        version: int = 1,
        ranges: list[list[int]] | None = None,
    ) -> None:
        """Roster tells the numbers of a unit."""
        place = self.tenant.tree[unit]
        told = HeadcountChanged(
            unit_id=str(place.id),
            unit_no=place.unit_no,
            level=place.level,
            fixed=fixed,
            occupied=occupied,
            reserved=reserved,
            article="NM-5",
            ranges=ranges,
        )
        assert await self.deliver(told, place.id, version) is Outcome.APPLIED

    async def answer(self, plan: dict[str, Any], *, granted: bool = True, version: int = 1, **changes: Any) -> Outcome:
        """Roster answers the newest request of a plan, as the `version`-th of its answers."""
        given: dict[str, Any] = {
            "plan_id": plan["id"],
            "granted": granted,
            "unit_id": plan["items"][0]["community_unit_id"],
            "asked": plan["items"][0]["posts"],
            "free": 50 if granted else 0,
            "article": "NM-5",
            "round": version,
            "fixed": 50,
        }
        return await self.deliver(HeadcountReserved(**given | changes), UUID(plan["id"]), version)

    async def submitted(self, plan: dict[str, Any], who: str = "handler", *, version: int = 1) -> dict[str, Any]:
        """Submit the plan; roster keeps its posts, and the way of approval begins."""
        asked = await self.made(who, "POST", f"/plans/{plan['id']}/submit")
        assert asked["state"] == "reserving"
        await self.answer(plan, version=version)
        return await self.made(who, "GET", f"/plans/{plan['id']}")

    async def call(
        self, who: str | Caller | None, method: str, path: str, body: Any = None, **more: Any
    ) -> httpx.Response:
        caller = self.posts[who] if isinstance(who, str) else who
        return await self.tenant.call(caller, method, BASE + path, body, **more)

    async def made(self, who: str | Caller, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        response = await self.call(who, method, path, body, **more)
        assert response.is_success, response.text
        answered: dict[str, Any] = response.json()
        return answered

    def plan_body(self, **changes: Any) -> dict[str, Any]:
        body = {
            "title": "2024年社区专职工作人员招聘方案",
            "publicity_days": 5,
            "publicity_unit": "working",
            "relaxed_age_limit": 45,
            "relaxed_education_codes": ["41", "61"],
            "items": [
                {
                    "community_unit_id": str(self.tenant.tree["community"].id),
                    "category": "community_staff",
                    "post_title": "社区专职工作人员",
                    "posts": 1,
                }
            ],
        }
        return body | changes

    async def draft(self, who: str = "handler", **changes: Any) -> dict[str, Any]:
        return await self.made(who, "POST", "/plans", self.plan_body(**changes))

    async def decide(self, who: str, case_id: str, action: str, step: str | None = None, **more: Any) -> httpx.Response:
        body = {"action": action, "step": step} | more
        return await self.call(who, "POST", f"/approvals/{case_id}/decisions", body)

    async def approved_plan(self, **changes: Any) -> dict[str, Any]:
        plan = await self.draft(**changes)
        plan = await self.submitted(plan)
        assert (await self.decide("league", plan["case_id"], "approve", "league_review")).is_success
        return plan

    def notice_body(self, plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = {
            "plan_id": plan["id"],
            "title": "社区专职工作人员招聘公告",
            "conditions": "见《办法》第九条、第十一条",
            "materials": [
                {"kind": "identity_card", "title": "身份证"},
                {"kind": "diploma", "title": "学历证书"},
            ],
            "closes_at": CLOSES.isoformat(),
            "age_reference_date": REFERENCE.isoformat(),
            "birth_from": "1983-10-01",
            "birth_until": "2006-09-30",
        }
        return body | changes

    def correction_body(self, **changes: Any) -> dict[str, Any]:
        body = self.notice_body({"id": None}, reason="更正", **changes)
        del body["plan_id"]
        return body

    async def notice(self, **plan_changes: Any) -> dict[str, Any]:
        plan = await self.approved_plan(**plan_changes)
        return await self.made("handler", "POST", "/notices", self.notice_body(plan))

    def sign_up_body(self, notice: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = {
            "item_id": notice["items"][0]["id"],
            "name": "张三丰",
            "id_number": id_number(date(1995, 3, 1)),
            "phone": "13900000001",
            "education_code": "31",
            "declarations": DECLARATIONS,
        }
        return body | changes

    async def applied(
        self, notice: dict[str, Any], who: Caller | None = None, **changes: Any
    ) -> tuple[Caller, dict[str, Any]]:
        applicant = who or person()
        body = self.sign_up_body(notice, **changes)
        return applicant, await self.made(applicant, "POST", "/my/applications", body)

    async def judge_all(self, application_id: str, *, leave_out: str = "") -> None:
        for rule in JUDGED:
            if rule != leave_out:
                await self.judge(application_id, rule)

    async def judge(self, application_id: str, rule: str, outcome: str = "met") -> dict[str, Any]:
        body = {"rule": rule, "outcome": outcome, "reason": "经核查", "evidence": "核查记录"}
        return await self.made("handler", "POST", f"/applications/{application_id}/determinations", body)

    async def establish(self, who: str, application_id: str, fact: str, value: Any) -> httpx.Response:
        body = {"fact": fact, "value": value, "reason": "经走访", "evidence": "走访记录"}
        return await self.call(who, "POST", f"/applications/{application_id}/facts", body)

    async def conclude(self, application_id: str, outcome: str = "qualified") -> httpx.Response:
        return await self.call("handler", "POST", f"/applications/{application_id}/conclude", {"outcome": outcome})

    async def stage(self, application_id: str, step: str, outcome: str = "passed") -> httpx.Response:
        body = {"step": step, "outcome": outcome, "evidence": "记录一号"}
        return await self.call("handler", "POST", f"/applications/{application_id}/stages", body)

    async def recommend(self, who: str, application_id: str, recommended: bool = True) -> httpx.Response:
        body = {"recommended": recommended, "reason": "群众口碑好", "evidence": "推荐函一号"}
        return await self.call(who, "POST", f"/applications/{application_id}/recommendation", body)

    async def qualified(self, notice: dict[str, Any], **changes: Any) -> tuple[Caller, dict[str, Any]]:
        """An applicant whose review ended well."""
        number = id_number(date(1990, 1, 1), self._numbers)
        self._numbers += 1
        applicant, application = await self.applied(notice, **({"id_number": number} | changes))
        await self.judge_all(application["id"])
        assert (await self.conclude(application["id"])).is_success
        return applicant, application

    async def seated(self, notice: dict[str, Any], **changes: Any) -> dict[str, str]:
        """Sign-up has closed and every candidate has a seat; the ticket by application."""
        await self.tenant.move_to(EXAM)
        body = {"place": "新城区第一中学", "held_at": EXAM.isoformat(), "rooms": [{"name": "一考场", "seats": 30}]}
        await self.made("handler", "POST", f"/notices/{notice['id']}/exam", body | changes)
        return await self.tickets(notice)

    async def tickets(self, notice: dict[str, Any]) -> dict[str, str]:
        found = await self.made("handler", "GET", f"/notices/{notice['id']}/exam/candidates")
        return {each["application_id"]: each["ticket"] for each in found["items"]}

    async def import_scores(
        self, notice: dict[str, Any], part: str, scores: dict[str, str], who: str = "handler", **more: Any
    ) -> httpx.Response:
        """Scores by application; one examiner for an interview."""
        rows: list[dict[str, Any]] = [{"application_id": the_id, "score": score} for the_id, score in scores.items()]
        if part == "interview":
            rows = [
                {"application_id": each["application_id"], "marks": [{"examiner": "考官甲", "score": each["score"]}]}
                for each in rows
            ]
        return await self.call(who, "POST", f"/notices/{notice['id']}/exam/{part}/scores", {"rows": rows} | more)

    async def examined(self, notice: dict[str, Any], scores: dict[str, tuple[str, str]]) -> dict[str, Any]:
        """Seats, both parts with these scores (written, interview) by application, the ranking fixed."""
        path = f"/notices/{notice['id']}"
        await self.seated(notice)
        written = {the_id: pair[0] for the_id, pair in scores.items()}
        assert (await self.import_scores(notice, "written", written)).is_success
        await self.made("handler", "POST", f"{path}/exam/written/close")
        candidates = (await self.made("handler", "GET", f"{path}/exam/candidates"))["items"]
        entering = {each["application_id"] for each in candidates if each["interviewed"]}
        interview = {the_id: pair[1] for the_id, pair in scores.items() if the_id in entering}
        assert (await self.import_scores(notice, "interview", interview)).is_success
        assert (await self.call("handler", "POST", f"{path}/ranking")).is_success
        return await self.made("handler", "GET", f"{path}/ranking")

    async def fit(self, application_id: str) -> None:
        """Medical examination and inspection passed."""
        for step in ("medical", "inspection"):
            response = await self.stage(application_id, step)
            assert response.is_success, response.text

    async def ready(self, notice: dict[str, Any], **changes: Any) -> tuple[Caller, dict[str, Any]]:
        """The one applicant of the notice, qualified, ranked and through every stage."""
        applicant, application = await self.qualified(notice, **({"id_number": id_number(date(1995, 3, 1))} | changes))
        await self.examined(notice, {application["id"]: ("80.00", "85.00")})
        await self.fit(application["id"])
        return applicant, application

    async def propose(self, application: dict[str, Any], **more: Any) -> httpx.Response:
        return await self.call("handler", "POST", "/hires", {"application_id": application["id"]} | more)
