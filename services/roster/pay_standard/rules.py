"""What may stand in a pay standard: the figures that the regulation has the acting office set with others (NM-16)."""

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.regulation import local
from kernel.regulation.pack import Pack

WORKFLOW = "pay_standard"


def check_figures(pack: Pack, figures: Sequence[Mapping[str, Any]], seat: local.Seat, unit_no: int, level: str) -> None:
    """Raise `RuleRefused`, with the article, for a figure that another office sets, or in another way; `InvalidInput`
    for one the regulation does not have or a value it does not allow."""
    for place, each in enumerate(figures):
        path, within = each["path"], f"/figures/{place}"
        setter = local.setter_of(pack, path, within=within)
        name, article = local.office_name(pack, setter), pack.parameter(path).article
        local.check_office(setter, seat, unit_no, level, name=name, article=article)
        local.check_way(pack, path, WORKFLOW)
        local.check_value(pack, path, each["value"], within=within)
