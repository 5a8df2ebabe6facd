"""What assessment declares, and to whom."""

from kernel.access.permission import declared
from services.assessment import permissions


def test_its_permissions_are_declared_once_under_its_name_each_for_its_audience() -> None:
    own = {name: kept.audience for name, kept in declared().items() if name.startswith("assessment.")}
    assert permissions.APPROVAL_DECIDE.name in own
    assert {name for name, audience in own.items() if audience == "public"} == {
        "assessment.survey.view",
        "assessment.survey.answer",
    }
    assert {name for name, audience in own.items() if audience == "person"} == {
        "assessment.result.own",
        "assessment.probation.own",
    }
    assert set(own.values()) == {"official", "person", "public"}
