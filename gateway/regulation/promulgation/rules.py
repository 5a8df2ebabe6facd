"""From when on a new version may hold, and which organ publishes it (P5, P6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gateway.regulation.rules import Held, RootSeat, check_organ
from kernel.errors import Conflict, FieldError, Forbidden, InvalidInput, Text
from kernel.regulation.pack import Pack


@dataclass(frozen=True, slots=True)
class Version:
    """A published version and the period in which it holds."""

    held: Held
    version: str


def begins(pack: Pack, valid_from: date | None, published: Sequence[Version], today: date) -> tuple[date, UUID | None]:
    """The first day of a new version, and the one it ends.

    Without a day it is the one that the text names. The first version of a tenant may begin on a past day; a later
    one today at the earliest, so that every past day keeps the version it had. Raises `Conflict` for a version
    number that stands already or a day on or before another version's first, `InvalidInput` for a day outside the
    time of force that the text itself names.
    """
    meta = pack.document.pack
    first = valid_from or meta.effective
    if any(each.version == pack.version for each in published):
        raise Conflict(
            Text(
                f"版本 {pack.version} 已发布，请使用新的版本号",
                f"Version {pack.version} was published already; give the draft a new version number.",
            )
        )
    later = next((each for each in published if each.held.valid_from >= first), None)
    if later is not None:
        raise Conflict(
            Text(
                f"版本 {later.version} 自 {later.held.valid_from} 起施行，施行日期重叠，请改定更晚的施行日",
                f"Version {later.version} holds from {later.held.valid_from} on; the versions would overlap. "
                "Name a later day.",
            )
        )
    if first < meta.effective or (meta.effective_before is not None and first >= meta.effective_before):
        raise _wrong_day(
            Text(
                f"该版本自 {meta.effective} 起施行，施行日不得在此之外",
                f"The text takes force on {meta.effective}; the day lies outside its time of force.",
            )
        )
    if published and first < today:
        raise _wrong_day(Text("过去的日子仍适用原版本，请改定今天或以后的日期", "Past days keep their version."))
    ended = next((each for each in published if each.held.holds(first)), None)
    return first, ended.held.id if ended else None


def check_same_regulation(pack: Pack, in_force: Pack) -> None:
    """Raise `InvalidInput` for a pack of another regulation, or one that leaves a layer above it out."""
    layers, standing = ([each.id for each in one.lineage] for one in (pack, in_force))
    if layers != standing:
        message = Text(
            f"本辖区的办法依次为 {'、'.join(standing)}，提交的为 {'、'.join(layers)}",
            f"this tenant lives under {', '.join(standing)}; the draft is of {', '.join(layers)}",
        )
        raise InvalidInput(message, errors=[FieldError("/files", message)])


def is_issuer(in_force: Pack, seat: RootSeat) -> bool:
    """Whether the post is of the organ that the version in force names as issuer."""
    issuer = in_force.document.pack.issuer
    return issuer is not None and (seat.department, seat.level) == (issuer.department, issuer.level)


def check_issuer(in_force: Pack, seat: RootSeat) -> None:
    """Raise `Forbidden` unless the post is of the organ that issues the regulation.

    The version in force names it: a draft cannot name its own.
    """
    issuer = in_force.document.pack.issuer
    if issuer is None:
        raise Forbidden(Text("现行办法未写明制定机关", "The regulation in force names no issuing organ."))
    refusal = Text(f"新版本由{issuer.name.zh}发布", f"A new version is published by the issuer: {issuer.name.en}.")
    check_organ(issuer, seat, refusal)


def check_complete(valid_from: date | None, document: str | None) -> date:
    """The day of a publication; raises `InvalidInput` where day or document is missing."""
    missing = [
        FieldError(f"/{name}", Text("发布须写明", "needed to publish"))
        for name, value in (("valid_from", valid_from), ("document", document))
        if value is None
    ]
    if valid_from is None or missing:
        raise InvalidInput(errors=missing)
    return valid_from


def _wrong_day(message: Text) -> InvalidInput:
    return InvalidInput(message, errors=[FieldError("/valid_from", message)])
