"""Every feature meets every pack: it acts where the text speaks, and where it is silent says so and adds nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kernel.errors import ParameterNotSet
from kernel.regulation.counting import counter_findings
from kernel.regulation.national.probation import Term, probation_finding
from kernel.regulation.national.retirement import retirement_of
from kernel.regulation.pack import Pack
from services.assessment.grading import rules as grading
from services.assessment.probation import rules as probation
from services.recruitment.eligibility import rules as eligibility
from services.recruitment.hire import rules as hire
from services.recruitment.notice import rules as notice
from services.recruitment.selection import rules as selection
from services.roster.committee import rules as committee
from services.roster.contract import rules as contract
from services.roster.duty import rules as duty
from services.roster.duty_page import rules as duty_page
from services.roster.exit import rules as exits
from services.roster.headcount import rules as headcount
from services.roster.leave import rules as leave
from services.roster.rank import rules as rank
from services.roster.resignation import rules as resignation
from services.roster.sizing import rules as sizing
from services.roster.staffing import rules as staffing
from services.roster.structure import rules as structure
from services.training.need import rules as need
from services.training.yearly import rules as yearly
from tests.generality.packs import NAMES, pack

ON = date(2025, 3, 10)
SIX_MONTHS = date(2025, 9, 10)
STAFF = [yearly.Held("staff", date(2020, 1, 1), None)]
SILENT = (None, [], False, (), frozenset(), {})
Feature = Callable[[Pack], object]

# feature: what it asks of a pack, and the packs whose text speaks of it
FEATURES: dict[str, tuple[Feature, tuple[str, ...]]] = {
    "ceiling by population": (lambda p: staffing.ceiling_of(p, 10_000, ON), ()),
    "norm of a community": (lambda p: sizing.allowed_by(p, 6_000, ON).spans, ("jiachuan", "bingshan")),
    "review of the norm": (lambda p: sizing.review_on(p, ON), ("jiachuan",)),
    "who counts": (lambda p: headcount.counted(p, ON), ("jiachuan", "bingshan")),
    "beyond the norm": (lambda p: headcount.beyond(p, ON), ("jiachuan", "bingshan")),
    "total of a county": (lambda p: headcount.summed_level(p, ON), ()),
    "seats of the committees": (lambda p: committee.regulated(p, ON), ()),
    "ladder": (lambda p: rank.own_ladder(p, ON), ("jiachuan", "yilin")),
    "conditions of recruitment": (lambda p: p.rules_of("eligibility"), ("yilin",)),
    "priority": (lambda p: p.rules_of("priority"), ()),
    "exam": (lambda p: notice.exam_terms(p, {}), ("yilin",)),
    "stages of selection": (lambda p: selection.stages(p), ("yilin",)),
    "hire": (hire.article, ("yilin",)),
    "recommendation": (eligibility.recommendation, ()),
    "hours before service": (lambda p: need.pre_service(p, ON), ()),
    "gate before duty": (lambda p: duty.gate(p, ON), ()),
    "hours of the year": (lambda p: yearly.owed(p, STAFF, 2025, ON), ()),
    "hours of the newly appointed": (lambda p: yearly.induction(p, STAFF, 2025, ON), ()),
    "years failed running": (lambda p: grading.running(p, 2), ()),
    "counters of grades": (lambda p: list(counter_findings(p, "grade", {2024: "failed"}, 2024)), ("bingshan",)),
    "what follows from a grade": (lambda p: rank.effects(p, "basic", ON), ("bingshan",)),
    "notice of probation": (lambda p: probation.notice_days(p, ON), ()),
    "ground of exit": (lambda p: exits.knows(p, "failed_two_years"), ("bingshan",)),
    "approval of a resignation": (resignation.asks_approval, ()),
    "places of a community": (structure.places, ()),
    "page of duties": (duty_page.places, ()),
    "maternity leave": (lambda p: leave.limit_of(p, "maternity", {}, ON), NAMES),
    "annual leave": (lambda p: leave.annual(p, 2025, ON, 5, date(2020, 1, 1)), NAMES),
    "probation by statute": (
        lambda p: probation_finding(p, Term("fixed", ON, date(2028, 3, 10)), SIX_MONTHS).passes,
        NAMES,
    ),
    "retirement by statute": (lambda p: retirement_of(p, ON, "M", date(1965, 4, 1)).delay_months, NAMES),
    "statute binds a labour contract": (lambda p: contract.binds(p, "labour_contract"), NAMES),
    "last day by statute": (
        lambda p: resignation.last_day(p, resignation.Notice(ON, None, None)) == ON + timedelta(days=30),
        NAMES,
    ),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_speaks_where_the_text_does(feature: str, name: str) -> None:
    asked, speaking = FEATURES[feature]
    try:
        answer = asked(pack(name))
    except ParameterNotSet:
        answer = None
    assert (answer not in SILENT) is (name in speaking), answer


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_that_a_service_reads_is_declared_and_silence_is_no_figure(name: str) -> None:
    for path in pack(name).document.parameters:
        figure = pack(name).parameter(path, ON)
        if figure.state == "set":
            assert figure.value() is not None
            continue
        with pytest.raises(ParameterNotSet):
            figure.value()
