"""Which columns follow a renumbering, and numbers inside JSON (decision 0014)."""

from kernel.approvals.embed.tables import ApprovalRecord
from kernel.db.policy import walls_of
from kernel.db.table import number_columns
from kernel.events.tables import Outbox
from kernel.org.renumbering import replaced
from kernel.org.tables import OrgUnit
from kernel.schedule.tables import Schedule


def test_columns_of_unit_numbers_are_found_and_what_was_published_stays() -> None:
    assert number_columns(ApprovalRecord) == ["unit_no", "actor_unit_no"]
    assert number_columns(Schedule) == ["unit_no"]
    assert number_columns(Outbox) == []
    assert number_columns(OrgUnit) == []


def test_where_rows_are_only_added_nothing_but_their_numbers_may_be_written() -> None:
    granted = [each for each in walls_of(ApprovalRecord, "roster") if each.startswith("grant")]
    assert granted == [
        "grant select, insert on k_approval_record to shegong_roster_app",
        "grant update (unit_no, actor_unit_no) on k_approval_record to shegong_roster_app",
    ]
    assert not any("update (" in each for each in walls_of(Schedule, "roster"))
    assert not any("update" in each for each in walls_of(Outbox, "roster") if each.endswith("_app"))


def test_numbers_inside_json_are_replaced_by_the_names_of_their_members_alone() -> None:
    kept = {
        "unit_no": 5_000,
        "posts": 5_000,
        "items": [{"community_unit_no": 5_000}, {"community_unit_no": 7_000}, 5_000],
        "actor": {"unit_no": None, "title": "5000"},
    }
    assert replaced(kept, {5_000: 90_000}) == {
        "unit_no": 90_000,
        "posts": 5_000,
        "items": [{"community_unit_no": 90_000}, {"community_unit_no": 7_000}, 5_000],
        "actor": {"unit_no": None, "title": "5000"},
    }
