"""Who bears which cost and how much, as the regulation and local parameters say (NM-4, NM-16, SH-15). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kernel.errors import Conflict, FieldError, InvalidInput, ParameterNotSet, Text
from kernel.regulation.figures import Figure, NotRegulated
from kernel.regulation.pack import Pack
from services.roster.pay_terms import HUNDRED

PAYERS = "budget.payers"
SHARES = "budget.shares"
COSTS = "budget.costs"
Part = Literal["whole", "share", "transfer"]
PARTS: Mapping[str, Part] = {"whole": "whole", "share": "share", "transfer": "transfer"}


@dataclass(frozen=True, slots=True)
class Payer:
    """A level that bears a cost, the whole of it, a share, or by transfer. `percent` is None while nobody set it."""

    cost: str
    level: str
    part: Part
    article: str
    percent: Decimal | None


def payers(pack: Pack, on: date) -> tuple[list[Payer], Text | None]:
    """The payers of each cost, and who has to set the shares where they are not set.

    Raises `NotRegulated` where the regulation writes of no budget, `Conflict` for shares of a cost that are not 100 %.
    """
    figure = pack.regulated(PAYERS, on)
    if figure is None:
        raise NotRegulated(Text("本办法没有经费预算的规定", "This regulation writes of no budget."))
    shares, missing = _shares(pack.parameter(SHARES, on))
    found = []
    for row in figure.rows():
        cost, level, part = str(row["cost"]), str(row["level"]), PARTS[str(row["part"])]
        percent = HUNDRED if part == "whole" else shares.get((cost, level)) if part == "share" else None
        found.append(Payer(cost, level, part, str(row["article"]), percent))
    _check_whole(found, figure)
    return found, missing


def _shares(figure: Figure) -> tuple[Mapping[tuple[str, str], Decimal], Text | None]:
    try:
        rows = figure.rows()
    except ParameterNotSet as problem:
        return {}, problem.detail or type(problem).title
    return {(str(row["cost"]), str(row["level"])): Decimal(str(row["percent"])) for row in rows}, None


def _check_whole(found: list[Payer], figure: Figure) -> None:
    for cost in {each.cost for each in found}:
        shares = [each.percent for each in found if each.cost == cost and each.part == "share"]
        known = [each for each in shares if each is not None]
        if known and (len(known) != len(shares) or sum(known) != HUNDRED):
            text = Text("各级分担比例之和应为百分之百", "The shares of a cost make 100 per cent.")
            raise Conflict(text, article=figure.article)


def label(pack: Pack, cost: str) -> dict[str, str]:
    """What the cost is called."""
    listed = pack.item_list(COSTS)
    item = listed.items.get(cost) if listed is not None else None
    return {"zh": item.label.zh, "en": item.label.en} if item is not None else {"zh": cost, "en": cost}


def check_entry(found: list[Payer], cost: str, level: str) -> None:
    """Raise `InvalidInput` for a cost that no unit of the level bears."""
    if not any((each.cost, each.level) == (cost, level) for each in found):
        text = Text("这一级不承担该项经费", "Units of this level do not bear this cost.")
        raise InvalidInput(text, errors=[FieldError("/cost", text, PAYERS)])
