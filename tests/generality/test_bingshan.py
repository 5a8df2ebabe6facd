"""One for three hundred households, pay of sixty and forty, a floor of satisfaction, and what follows from a grade."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.regulation.counting import counter_findings
from kernel.regulation.local import LocalValue, overlay
from services.assessment.grading import rules as grading
from services.assessment.method import Method, Terms
from services.assessment.scheme import rules as scheme
from services.roster.exit import rules as exits
from services.roster.pay_terms import read_terms
from services.roster.payroll import rules as payroll
from services.roster.rank import rules as rank
from services.roster.sizing import rules as sizing
from tests.generality.packs import pack

PACK = pack("bingshan")
ON = date(2025, 3, 10)
MONTH = date(2025, 6, 1)
LOCAL: dict[str, Any] = {
    "pay.standard": [{"role": "staff", "total": "4500.01"}],
    "insurance.average_monthly_wage": "7000",
    "insurance.medical_employer_percent": "7.5",
    "insurance.maternity_employer_percent": "0.5",
}


@pytest.mark.parametrize(("households", "posts"), [(0, 0), (299, 0), (300, 1), (599, 1), (600, 2), (3_000, 10)])
def test_one_for_three_hundred_households(households: int, posts: int) -> None:
    assert sizing.allowed_by(PACK, households, ON).spans == (sizing.Span(posts, posts),)


def test_pay_is_split_and_adds_up_to_the_cent() -> None:
    laid = overlay(PACK, [LocalValue(path, value, "丙发〔2025〕1号") for path, value in LOCAL.items()])
    terms = read_terms(laid, MONTH)
    payee = payroll.Payee(UUID(int=1), "staff", "community_staff", wage=Decimal("4500.01"))
    slip = payroll.compute(terms, payee)
    income = {line.code: line.amount for line in slip.lines if line.side == "income"}
    assert income == {"base.standard": Decimal("2700.01"), "performance.standard": Decimal("1800.00")}
    assert sum(income.values()) == Decimal("4500.01")
    assert not any(line.code.startswith("fund") for line in slip.lines)


def test_pay_waits_for_the_amount_that_the_text_does_not_name() -> None:
    with pytest.raises(ParameterNotSet) as refused:
        read_terms(PACK, MONTH)
    assert refused.value.article == "BS-2"


def method() -> Method:
    terms = Terms.model_validate(
        {
            "components": [
                {"code": "work", "label": "工作实绩", "weight": 8000, "stage": "scoring"},
                {"code": "satisfaction", "label": "居民满意度", "weight": 2000, "stage": "residents"},
            ],
            "grades": [
                {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
                {"code": "competent", "label": "称职", "from_score": "70"},
                {"code": "basic", "label": "基本称职", "from_score": "60", "before_score": "70"},
                {"code": "failed", "label": "不称职", "from_score": "0", "before_score": "60", "failing": True},
            ],
            "stages": ["scoring", "residents", "confirm"],
            "participation": {"months_at_least": 6},
            "survey_minimum": 1,
            "appeal_days": 0,
        }
    )
    scheme.check_terms(PACK, terms, ON)
    return scheme.freeze(PACK, terms, ON)


@pytest.mark.parametrize(
    ("work", "satisfaction", "grade"),
    [("90", "60", "competent"), ("90", "59.99", "failed"), ("100", "0", "failed"), ("60", "60", "basic")],
)
def test_satisfaction_below_sixty_fails_whatever_the_composite(work: str, satisfaction: str, grade: str) -> None:
    frozen, somebody = method(), UUID(int=1)
    parts = {"work": Decimal(work), "satisfaction": Decimal(satisfaction)}
    composite = grading.compose(parts, frozen.terms.components, frozen.terms.rounding)
    below = {somebody} if grading.below_least(parts, frozen) else set()
    found = grading.grade_all({somebody: composite}, frozen, below)[somebody]
    assert found.grade is not None
    assert found.grade.code == grade


def test_a_method_frozen_before_knows_no_floor() -> None:
    frozen = method()
    old = Method.model_validate(frozen.model_dump(mode="json", exclude={"least", "least_components", "least_article"}))
    assert not grading.below_least({"satisfaction": Decimal(0)}, old)


def test_basically_competent_moves_the_post_and_nothing_else_does() -> None:
    found = rank.effects(PACK, "basic", ON)
    assert [(each.code, each.article) for each in found] == [("move_post", "BS-3")]
    assert [rank.effects(PACK, grade, ON) for grade in ("excellent", "competent", "failed")] == [[], [], []]


@pytest.mark.parametrize(
    ("grades", "counted"),
    [
        ({2024: "failed", 2023: "failed"}, [2024, 2023]),
        ({2024: "failed", 2022: "failed"}, [2024]),
        ({2024: "failed", 2023: "basic"}, [2024]),
        ({2024: None, 2023: "failed", 2022: "failed"}, []),
    ],
)
def test_two_bad_years_are_two_running(grades: dict[int, str | None], counted: list[int]) -> None:
    [(counter, years, finding)] = counter_findings(PACK, "grade", grades, 2024)
    assert (years, finding.outcome == "met") == (counted, len(counted) == 2)
    assert (counter.ground, finding.article) == ("failed_two_years", "BS-4")


def test_two_bad_years_end_the_contract_by_the_way_of_the_statute() -> None:
    standing = exits.Standing("failed_two_years", "labour_contract", "heard", False, None, None, None)
    with pytest.raises(RuleRefused) as refused:
        exits.check_decision(PACK, standing, "days", ON + timedelta(days=30), ON)
    assert refused.value.article == "LCL-40"
    unfit = {"measure": "transfer", "still_unfit": True}
    gone = exits.Standing("failed_two_years", "labour_contract", "heard", False, None, None, unfit)
    assert all(each.passes for each in exits.check_decision(PACK, gone, "days", ON + timedelta(days=30), ON))
