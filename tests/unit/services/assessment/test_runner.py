"""Who runs the yearly assessment, and that nobody else does."""

import pytest

from kernel.errors import RuleRefused
from kernel.regulation.pack import Pack
from services.assessment.runner import check_runner
from tests.unit.services.assessment.packs import inner_mongolia, shuanghe


def refusal(pack: Pack, level: str | None, department: str | None) -> RuleRefused:
    with pytest.raises(RuleRefused) as refused:
        check_runner(pack, level, department)
    return refused.value


@pytest.mark.article("NM-28")
@pytest.mark.parametrize("level", ["township", "league", None])
def test_the_county_runs_the_assessment(level: str | None) -> None:
    check_runner(inner_mongolia(), "county", "society_work")
    assert refusal(inner_mongolia(), level, "society_work").article == "NM-28"


@pytest.mark.article("SH-20")
def test_the_regiment_runs_the_assessment() -> None:
    check_runner(shuanghe(), "township", "township_office")


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(
    ("level", "department"),
    [
        ("league", "organization"),
        ("league", "civil_affairs"),
        ("township", "civil_affairs"),
        ("community", "community_party"),
        (None, None),
    ],
)
def test_no_other_body_runs_an_assessment_of_its_own(level: str | None, department: str | None) -> None:
    refused = refusal(shuanghe(), level, department)
    assert refused.article == "SH-23"
    assert refused.detail is not None
    assert "SH-20" in refused.detail.zh
    assert "SH-20" in refused.detail.en
