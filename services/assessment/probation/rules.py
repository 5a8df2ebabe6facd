"""Until when a probation is decided (NM-37(1), LCL 39). Pure."""

from datetime import date

from kernel.errors import RuleRefused, Text, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.pack import Pack

IN_TIME = "assessment.probation_in_time"
NOTICE = "assessment.probation_notice_days"


def notice_days(pack: Pack, on: date) -> int | None:
    """Days before its end at which a probation falls due; None where the regulation assesses no probation."""
    if IN_TIME not in pack.document.rules:
        return None
    figure = pack.parameter(NOTICE, on)
    return figure.integer() if figure.state == "set" else 0


def check_in_time(pack: Pack, last_day: date, today: date) -> None:
    """Raise `RuleRefused` with the article and the finding after the last day; on it, it is in time."""
    if IN_TIME not in pack.document.rules:
        raise NotRegulated(Text("本办法未规定试用期满考核", "No assessment of probation is regulated here."))
    finding = pack.evaluate(IN_TIME, {"days_past_probation": (today - last_day).days}, on=today)
    if not finding.passes:
        raise RuleRefused(
            Text(
                f"试用期已于 {last_day} 届满，不能再作结论",
                f"The probation ended on {last_day}; it can no longer be decided.",
            ),
            article=finding.article,
            findings=[finding],
        )


def check_undecided(state: str) -> None:
    """Raise `WrongState` for a probation that is decided: the first conclusion stands."""
    if state in ("passed", "failed"):
        raise WrongState(Text("试用期考核已作结论", "The probation is decided already."))
