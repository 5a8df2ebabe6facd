"""Which months of pay compensation is taken of, and what is missing of them (LCL-47, LCR-20, LCR-27). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from kernel.calendar import add_months
from kernel.errors import Text
from kernel.regulation.national.compensation import (
    AVERAGE_WAGE,
    AVERAGED,
    LAST_PAY,
    MINIMUM_WAGE,
    Wages,
    cents,
    local_wage,
)
from kernel.regulation.pack import Pack

NO_MONTH = Text("终止前没有完整工作的日历月", "no calendar month before the end was worked in full")


def pay_months(worked_from: date, last_day: date, most: int) -> list[date]:
    """The full calendar months of work before the end, as their first days in time; `most` of them, the latest."""
    end = (last_day + timedelta(days=1)).replace(day=1)
    months = [add_months(end, -back) for back in range(most, 0, -1)]
    return [month for month in months if month >= worked_from]


def wages(
    pack: Pack, months: Sequence[date], paid: Mapping[date, Decimal], last_day: date, stated: Decimal | None
) -> Wages:
    """The averages of what was paid for those months (or the monthly pay that an official states), and the wages of the
    place in force on the last day."""
    missing: dict[str, Text] = {}
    averages: dict[str, Decimal | None] = {}
    spans = {"average": len(months), "last": pack.parameter(LAST_PAY, last_day).integer()}
    for name, count in spans.items():
        averages[name], lacking = (stated, None) if stated is not None else _average(months[-count:], paid)
        if lacking is not None:
            missing[name] = lacking
    places: dict[str, Decimal | None] = {}
    for name, path in {"minimum": MINIMUM_WAGE, "local_average": AVERAGE_WAGE}.items():
        places[name], lacking = local_wage(pack, path, last_day)
        if lacking is not None:
            missing[name] = lacking
    return Wages(averages["average"], averages["last"], places["minimum"], places["local_average"], missing)


def averaged_months(pack: Pack, last_day: date) -> int:
    """Over how many months the pay is averaged."""
    return pack.parameter(AVERAGED, last_day).integer()


def _average(months: Sequence[date], paid: Mapping[date, Decimal]) -> tuple[Decimal | None, Text | None]:
    if not months:
        return None, NO_MONTH
    unpaid = [f"{month:%Y-%m}" for month in months if month not in paid]
    if unpaid:
        return None, Text(f"没有已批准的工资：{'、'.join(unpaid)}", f"no approved pay for {', '.join(unpaid)}")
    return cents(sum((paid[month] for month in months), Decimal(0)) / len(months)), None
