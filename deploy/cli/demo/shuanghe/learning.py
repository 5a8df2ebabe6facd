"""Training of the year: thirty, twenty-four, twenty, each by who is responsible for it (SH-27).

2025-10-13, in the community 梭梭.
"""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must

STEPS = (
    Step("sh-training-owed", "书记三十学时，主任、工作人员二十学时；新任职委员二十四学时", "SH-27"),
    Step("sh-training-secretary-short", "书记二十九点五学时，未达标", "SH-27"),
    Step("sh-training-wrong-organiser", "书记年度培训不由师市组织部门举办，不予登记", "SH-27"),
    Step("sh-training-secretary-met", "师市组织部门年度培训补足，达到三十学时", "SH-27"),
    Step("sh-training-new-member", "团场民政部门上岗培训二十四学时，完成；不作为任职前提", "SH-27"),
    Step("sh-training-community", "社区组织其他工作者培训二十学时，达标", "SH-27"),
    Step("sh-class-selected", "选派优秀书记参加兵团专题培训班，写明举办单位和理由", "SH-28"),
    Step("sh-training-post", "培训情况进入花名册，供岗位调整依据", "SH-27"),
    Step("sh-training-assessment", "培训情况进入考核，供考核评议依据", "SH-27"),
)
DIVISION, REGIMENT, COMMUNITY = "659007", "659007491000", "659007491093"
_PEOPLE = (
    ("secretary", "阮清河", "secretary", "2021-07-01", "501"),
    ("director", "尚望远", "director", "2021-07-01", "503"),
    ("member", "邵若冰", "committee_member", "2025-09-01", "502"),
    ("staff", "盛晓岚", "staff", "2021-03-01", "504"),
)
"""Key, name, post, since when, and the order of the ID number."""
_OWED = {
    "secretary": ("yearly", "30.00"),
    "director": ("yearly", "20.00"),
    "member": ("induction", "24.00"),
    "staff": ("yearly", "20.00"),
}


def tell(cast: Cast) -> None:
    """13 October 2025: who owes what, and the three tiers of training."""
    cast.move_to("2025-10-13T01:00:00+00:00")
    account, tenant = cast.account, cast.tenant
    office, organizer = tenant["hongliu.office.handler"], tenant["division.organization.handler"]
    if DIVISION not in cast.units:
        cast.units |= {unit["code"]: unit for unit in every(organizer, "/directory/units", limit="200")}
    entered = _enter(cast, office)
    people = {key: dossier["person_id"] for key, dossier in entered.items()}

    def all_owed() -> dict[str, dict[str, Any]] | None:
        found = {key: _need(organizer, person, _OWED[key][0]) for key, person in people.items()}
        return {key: need for key, need in found.items() if need} if all(found.values()) else None

    owed: dict[str, dict[str, Any]] = wait_for(all_owed, "what the year asks")
    hours = {key: (need["kind"], need["required_hours"]) for key, need in owed.items()}
    words = "、".join(f"{need['role']} {need['required_hours']}" for need in owed.values())
    account.outcome("sh-training-owed", hours == _OWED, str(_OWED), words, "GET /api/v1/training/needs")

    _class(cast, organizer, DIVISION, people["secretary"], "29.5")
    short = _need(organizer, people["secretary"], "yearly") or {}
    seen = f"{short['credited_hours']} / {short['required_hours']}"
    account.outcome("sh-training-secretary-short", short["state"] == "open", "open", seen, "GET …/needs")
    civil = tenant["hongliu.civil.handler"]
    wrong = civil.post("/training/sessions", _session(cast, REGIMENT, "0.5") | _round(civil))
    account.answer("sh-training-wrong-organiser", wrong, 422)
    _class(cast, organizer, DIVISION, people["secretary"], "0.5", **_round(organizer))
    year = next(
        each
        for each in every(organizer, "/training/compliance", year="2025")
        if each["person_id"] == people["secretary"]
    )
    seen = f"{year['credited_hours']} / {year['required_hours']}，培训于 {year['trained_on']}"
    account.outcome("sh-training-secretary-met", year["stage"] == "met", "met", seen, "GET …/compliance")

    _class(cast, civil, REGIMENT, people["member"], "24")
    started = _need(civil, people["member"], "induction") or {}
    seen = f"{started['credited_hours']} / {started['required_hours']}"
    account.outcome("sh-training-new-member", started["state"] == "met", "met", seen, "GET …/needs")
    branch = tenant["suosuo.community.party"]
    _class(cast, branch, COMMUNITY, people["staff"], "20", form="online")
    own = _need(branch, people["staff"], "yearly") or {}
    seen = f"{own['credited_hours']} / {own['required_hours']}"
    account.outcome("sh-training-community", own["state"] == "met", "met", seen, "GET …/needs")
    _select(cast, organizer, people["secretary"])
    _results(cast, office, entered["member"])


def _select(cast: Cast, organizer: Session, secretary: str) -> None:
    """A class of the Corps, which lies outside the tenant: who holds it is named, and why somebody is sent."""
    corps = {"title": "兵团社区书记专题培训班", "year": 2025, "roles": ["secretary"], "class_kind": "corps"}
    made = must(organizer.post("/training/programmes", corps | {"host": "兵团党校（演示）"}), 201)
    body = {"person_id": secretary, "reason": "年度考核优秀，群众满意"}
    sent = organizer.post(f"/training/programmes/{made['id']}/selections", body)
    cast.account.answer("sh-class-selected", sent, 201, made["host"])


def _results(cast: Cast, office: Session, dossier: dict[str, Any]) -> None:
    """What training counts for, once the news has come to roster and assessment."""
    places = {
        "sh-training-post": (f"/roster/dossiers/{dossier['id']}/training-results", {}),
        "sh-training-assessment": ("/assessment/training-results", {"person_id": dossier["person_id"]}),
    }
    for step, (path, query) in places.items():

        def told(path: str = path, query: dict[str, str] = query) -> dict[str, Any] | None:
            found = must(office.get(path, **query), 200)["items"]
            return next((each for each in found if each["met_on"] is not None), None)

        result: dict[str, Any] = wait_for(told, "the results of training")
        [finding] = result["findings"]
        right = (finding["article"], finding["outcome"]) == ("SH-27", "met")
        cast.account.outcome(step, right, "met", finding["message"]["zh"], f"GET /api/v1{path}")


def _enter(cast: Cast, office: Session) -> dict[str, dict[str, Any]]:
    rows = [
        {
            "full_name": name,
            "id_number": id_number("19840519", order),
            "phone": "13900000001",
            "category": "community_staff" if role == "staff" else "committee_member",
            "community_unit_id": cast.units[COMMUNITY]["id"],
            "posts": [{"role": role, "valid_from": since}],
            "background": {"education_code": "31", "political_status": "01"},
        }
        for _, name, role, since, order in _PEOPLE
    ]
    entered = must(office.post("/roster/dossiers/imports/batch", {"workers": rows}), 200)
    return {key: item["dossier"] for (key, *_), item in zip(_PEOPLE, entered["items"], strict=True)}


def _need(reader: Session, person: str, kind: str) -> dict[str, Any] | None:
    listed = every(reader, "/training/needs", person_id=person)
    return next((need for need in listed if need["kind"] == kind), None)


def _round(organizer: Session) -> dict[str, Any]:
    programme = {"title": "社区党组织书记年度培训", "year": 2025, "roles": ["secretary"]}
    made = must(organizer.post("/training/programmes", programme), 201)
    return {"programme_id": made["id"], "round": True}


def _session(cast: Cast, unit: str, hours: str) -> dict[str, Any]:
    return {
        "title": "社区工作者培训",
        "form": "off_job",
        "starts_at": "2025-09-22T01:00:00+00:00",
        "ends_at": "2025-09-26T10:00:00+00:00",
        "class_hours": hours,
        "organiser_unit_id": cast.units[unit]["id"],
    }


def _class(cast: Cast, by: Session, unit: str, person: str, hours: str, **more: Any) -> None:
    made = must(by.post("/training/sessions", _session(cast, unit, hours) | more), 201)
    must(by.post(f"/training/sessions/{made['id']}/hours", {"person_id": person, "hours": hours}), 201)


__all__ = ["STEPS", "tell"]
