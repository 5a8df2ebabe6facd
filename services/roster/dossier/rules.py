"""Which levels of units stand to a worker as employer, payer, manager and user, by the pack. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from kernel.regulation.pack import Pack

Party = Literal["employer", "payer", "manager", "user"]

LEVELS: Mapping[Party, str] = {
    "employer": "contract.party_level",
    "payer": "contract.payer_level",
    "manager": "contract.manager_level",
    "user": "contract.user_level",
}
"""The parameter that names the level of each party (NM-12, NM-17, NM-24; domain notes, dimension 12)."""


def party_levels(pack: Pack, on: date) -> dict[Party, str]:
    """The level of each party that the regulation names; a party it does not name is left out, never guessed."""
    named: dict[Party, str] = {}
    for party, path in LEVELS.items():
        figure = pack.parameter(path, on)
        if figure.state == "set":
            named[party] = figure.text()
    return named
