"""What a person newly hired owes, and whether the ledger covers what is owed (NM-20, SH-27). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kernel.calendar import add_months
from kernel.regulation.pack import Pack

HOURS = "training.pre_service_hours"
OFF_JOB = "training.pre_service_off_job"
ONLINE_COUNTS = "training.pre_service_online_counts"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Owed:
    """Hours owed, the forms of training that count toward them, and the article."""

    hours: Decimal
    forms: tuple[str, ...]
    article: str | None


def pre_service(pack: Pack, on: date) -> Owed | None:
    """What the regulation asks of a new worker before the post; None where it asks nothing.

    Off the job (集中脱产) leaves only that form; online learning counts only where the text says so. Raises
    `ParameterNotSet` where the hours are left to a level or document that has not spoken.
    """
    hours = pack.parameter(HOURS, on)
    if hours.state == "not_regulated":
        return None
    forms = ["off_job"] if _says(pack, OFF_JOB, on) else ["off_job", "other"]
    if _says(pack, ONLINE_COUNTS, on):
        forms.append("online")
    return Owed(Decimal(hours.integer()), tuple(forms), hours.article)


def _says(pack: Pack, path: str, on: date) -> bool:
    figure = pack.parameter(path, on)
    return figure.state != "not_regulated" and figure.boolean()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one class attended: its form, last day, and hours after all counter-entries.

    training: whether the class is a training or round of the responsible level, not hours alone.
    """

    form: str
    ended_on: date
    hours: Decimal
    training: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """Hours that count, and the day on which they sufficed (None while they do not)."""

    credited: Decimal
    met_on: date | None


def balance(standings: Iterable[Standing], required: Decimal, forms: Sequence[str]) -> Balance:
    """Add up what counts, in the order in which the classes ended.

    `met_on` is the last day of the class with which the required hours were reached; the bound itself suffices
    (不少于 includes the number, Civil Code 1259).
    """
    total = ZERO
    met_on: date | None = None
    for standing in sorted((each for each in standings if each.form in forms), key=lambda each: each.ended_on):
        total += standing.hours
        if met_on is None and total >= required:
            met_on = standing.ended_on
    return Balance(total, met_on)


def set_aside(
    standings: Iterable[Standing], hours: Decimal, forms: Sequence[str], since: date = date.min
) -> list[Standing]:
    """What is left of the ledger once `hours` owed at the start are taken from classes of `forms`, earliest first.

    Classes that ended before `since` are left alone. A class of which a part is taken keeps the rest, so that no hour
    counts twice and none is lost.
    """
    left: list[Standing] = []
    for standing in sorted(standings, key=lambda each: each.ended_on):
        counts = standing.form in forms and standing.ended_on >= since
        taken = min(hours, standing.hours) if counts else ZERO
        hours -= taken
        left.append(replace(standing, hours=standing.hours - taken))
    return left


def ended_since(standings: Iterable[Standing], since: date) -> list[Standing]:
    """The classes that ended on that day or later."""
    return [each for each in standings if each.ended_on >= since]


def of_year(standings: Iterable[Standing], year: int) -> list[Standing]:
    """The classes that ended in the calendar year."""
    return [each for each in standings if each.ended_on.year == year]


@dataclass(frozen=True, slots=True)
class Round:
    """The newest training up to a year's end, and the last day for the one still owed in the year (None: none is)."""

    trained_on: date | None
    train_by: date | None


def round_of(standings: Iterable[Standing], every_years: int | None, since: date, year: int) -> Round:
    """Whether the training due once in `every_years` is still owed in the year.

    Once a year is once in each calendar year; once in several years runs on from the last training, and the first
    time from `since`. The day itself is in time.
    """
    attended = (each.ended_on for each in standings if each.training and each.hours > 0 and each.ended_on.year <= year)
    trained_on = max(attended, default=None)
    if every_years is None:
        return Round(trained_on, None)
    last_day = date(year, 12, 31)
    if every_years == 1:
        return Round(trained_on, None if trained_on is not None and trained_on.year == year else last_day)
    due = add_months(trained_on or since, 12 * every_years)
    return Round(trained_on, due if due <= last_day else None)
