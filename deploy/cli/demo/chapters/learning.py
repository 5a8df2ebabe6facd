"""Training hours of a year (NM-20)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, must

STEPS = (
    Step("year-short", "社区党组织书记、居委会主任年度培训55.5学时，未达标", "NM-20"),
    Step("year-met", "补足0.5学时，达到56学时（一人兼任只计一次）", "NM-20"),
)


def tell(cast: Cast) -> None:
    """November 2025: half an hour short, then met."""
    account, organizer = cast.account, cast.tenant["xincheng.organization.handler"]
    cast.move_to("2025-11-10T01:00:00+00:00")
    dossier = must(
        cast.tenant["xincheng.society.handler"].get(f"/roster/dossiers/{cast.kept['secretary.old']['id']}"), 200
    )
    person = dossier["person_id"]
    programme = {"title": "社区党组织书记、居委会主任年度培训", "year": 2025, "roles": ["secretary", "director"]}
    made = must(organizer.post("/training/programmes", programme), 201)
    county = cast.units["150102"]["id"]
    _class(organizer, county, person, "55.5", {"programme_id": made["id"], "round": True})
    year = wait_for(lambda: _year(organizer, person, "55.50"), "the hours of the year")
    words = f"{year['credited_hours']} / {year['required_hours']}"
    account.outcome(
        "year-short", year["short"] and year["required_hours"] == "56.00", "short", words, "GET …/compliance"
    )
    _class(organizer, county, person, "0.5", {})
    year = wait_for(lambda: _year(organizer, person, "56.00"), "the hours of the year")
    words = f"{year['credited_hours']} / {year['required_hours']}"
    account.outcome("year-met", not year["short"] and year["stage"] == "met", "met", words, "GET …/compliance")


def _year(organizer: Session, person: str, hours: str) -> dict[str, Any] | None:
    listed = every(organizer, "/training/compliance", year="2025")
    return next((each for each in listed if each["person_id"] == person and each["credited_hours"] == hours), None)


def _class(organizer: Session, unit: str, person: str, hours: str, more: dict[str, Any]) -> None:
    held = {
        "title": "社区工作专门培训",
        "form": "off_job",
        "starts_at": "2025-10-20T01:00:00+00:00",
        "ends_at": "2025-10-31T10:00:00+00:00",
        "class_hours": hours,
        "organiser_unit_id": unit,
    }
    made = must(organizer.post("/training/sessions", held | more), 201)
    must(organizer.post(f"/training/sessions/{made['id']}/hours", {"person_id": person, "hours": hours}), 201)
