"""Which duties stand on the public page of a community, and who publishes it (SH-9, SH-11; NM-13, 14, 25, 26). Pure.

Places and duties are lists of the pack. Where the text writes no places the page says so and shows the duties that it
writes by category of worker.
"""

from collections.abc import Mapping, Sequence

from kernel.errors import FieldError, Forbidden, InvalidInput, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList

PLACES = "structure.places"
DUTIES = "structure.duties."
CATEGORY_DUTIES = "duties."
SYSTEMS = "structure.service_systems"
PAGE_LEVEL = "structure.page_level"


def written(pack: Pack) -> Finding:
    """Whether the regulation writes how a community is organised: met with its words, or not regulated."""
    places = pack.item_list(PLACES)
    if places is None:
        message = Text("本办法未规定社区内设机构", "Places within a community are not regulated here")
        return Finding(PLACES, None, None, {}, "not_regulated", None, message)
    message = Text(f"{SAYS['met'].zh}：{places.label.zh}", f"{SAYS['met'].en}: {places.label.en}")
    return Finding(PLACES, places.article, places.words, {}, "met", None, message)


def places(pack: Pack) -> ItemList | None:
    """The places of a community; None where the text has none."""
    return pack.item_list(PLACES)


def duties_of(pack: Pack, place: str) -> ItemList | None:
    """What the text says a place does; None where it says nothing."""
    return pack.item_list(f"{DUTIES}{place}")


def by_category(pack: Pack) -> Mapping[str, ItemList]:
    """Duties that the text writes by category of worker."""
    found = {name: pack.item_list(f"{CATEGORY_DUTIES}{name}") for name in pack.document.categories}
    return {name: duties for name, duties in found.items() if duties is not None}


def check_publisher(pack: Pack, figure: Figure, level: str | None) -> None:
    """Raise `Forbidden` where the text gives the page to units of another level; silence leaves it to the grants."""
    if figure.state == "set" and figure.text() != level:
        names = {str(code): known.name for code, known in pack.document.levels.items()}
        name = names[figure.text()]
        raise Forbidden(Text(f"由{name.zh}办理（{figure.article}）", f"This is done by the {name.en}."))


def check_commitments(pack: Pack, named: Sequence[str | None]) -> None:
    """Raise `InvalidInput` for a commitment of a place that communities here do not have."""
    known = places(pack)
    errors = []
    for index, place in enumerate(named):
        if place is not None and (known is None or place not in known.items):
            message = Text(f"没有这一机构：{place}", f"There is no such place: {place}.")
            errors.append(FieldError(f"/commitments/{index}/place", message, article=known.article if known else None))
    if errors:
        raise InvalidInput(errors=errors)
