"""What a person newly hired owes, and whether the ledger covers it (NM-20). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
    """What stands for one class attended: its form, last day, and hours after all counter-entries."""

    form: str
    ended_on: date
    hours: Decimal


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
