"""Which places a community has and who is assigned to one (SH-4, SH-9, SH-10). Pure.

Places and kinds of post are lists of the pack, who must be assigned is its parameter. A regulation that writes no
places answers `not_regulated`.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Literal

from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ItemList

PLACES = "structure.places"
POST_KINDS = "structure.post_kinds"
ASSIGNED = "structure.assigned_categories"
POST_KIND_CATEGORIES = "structure.post_kind_categories"
EVERYBODY = "structure.everybody_assigned"
OTHER = "other"

Period = tuple[date, date | None]


def silent(pack: Pack) -> Finding | None:
    """The finding of a regulation that writes no places, None where it writes some."""
    if pack.item_list(PLACES) is not None:
        return None
    message = Text("本办法未规定社区内设机构", "Places within a community are not regulated here")
    return Finding(EVERYBODY, None, None, {}, "not_regulated", None, message)


def places(pack: Pack) -> ItemList:
    """The places of a community; raises `NotRegulated` with the finding where the text has none."""
    written, finding = pack.item_list(PLACES), silent(pack)
    if written is None:
        raise NotRegulated(finding.message if finding else None, findings=[finding.as_json()] if finding else [])
    return written


def check_place(pack: Pack, place: str) -> None:
    """Raise `InvalidInput` naming the known places for another."""
    known = places(pack)
    if place not in known.items:
        names = "、".join(f"{item.label.zh}（{name}）" for name, item in known.items.items())
        message = Text(f"没有这一机构；可用：{names}", f"No such place; known: {', '.join(known.items)}.")
        raise InvalidInput(message, errors=[FieldError("/place", message, article=known.article)])


def assigned_categories(pack: Pack, on: date) -> frozenset[str]:
    """The categories of people who are each assigned a place."""
    return frozenset(pack.parameter(ASSIGNED, on).texts())


def check_post_kind(pack: Pack, kind: str | None, categories: Collection[str], on: date) -> None:
    """Raise `InvalidInput` for an unknown kind of post, `RuleRefused` where posts of this category have no kinds."""
    if kind is None:
        return
    figure = pack.parameter(POST_KIND_CATEGORIES, on)
    with_kinds = set(figure.texts())
    known = pack.item_list(POST_KINDS)
    if known is None:
        raise NotRegulated(Text("本办法未规定岗位种类", "Kinds of post are not regulated here."))
    if kind not in known.items and not (known.open and kind == OTHER):
        message = Text(f"没有这一岗位种类：{kind}", f"No such kind of post; known: {', '.join(known.items)}.")
        raise InvalidInput(message, errors=[FieldError("/post_kind", message, article=known.article)])
    if not with_kinds & set(categories):
        text = Text("该类人员不分岗位种类", "Posts of people of this category have no kinds.")
        raise RuleRefused(text, article=figure.article)


def check_first_day(posts: Iterable[Period], valid_from: date, today: date) -> None:
    """Raise `InvalidInput` for a day to come, `WrongState` for somebody without such a post on that day or today."""
    if valid_from > today:
        message = Text(f"编入日期不得晚于今天（{today}）", f"An assignment is recorded when it has begun ({today}).")
        raise InvalidInput(message, errors=[FieldError("/valid_from", message)])
    held = list(posts)
    for day in (valid_from, today):
        if not any(start <= day and (before is None or day < before) for start, before in held):
            text = Text(f"该人员 {day} 在本社区没有须编入的任职", f"No post to be assigned is held here on {day}.")
            raise WrongState(text)


def check_free(periods: Iterable[Period], valid_from: date) -> None:
    """Raise `Conflict` where a place begins on that day or later, or ended after it: one place at a time."""
    for start, before in periods:
        if start >= valid_from or (before is not None and before > valid_from):
            raise Conflict(
                Text("该期间已编入其他机构，一人同时只编入一处", "Another place is held then; one person, one place.")
            )


def end_of(start: date, on: date) -> date:
    """The day before which a place ends when its holder leaves on `on`: after its first day at the earliest."""
    return max(on, start + timedelta(days=1))


def everybody(pack: Pack, on: date, people: int, missing: int) -> Finding:
    """Whether everybody who must be assigned is (SH-10)."""
    figure = pack.parameter(ASSIGNED, on)
    outcome: Literal["met", "not_met"] = "not_met" if missing else "met"
    says = SAYS[outcome]
    message = Text(f"{says.zh}：{people} 人中 {missing} 人未编入", f"{says.en}: {missing} of {people} are not assigned")
    facts = {"people": people, "missing": missing, "on": on}
    return Finding(EVERYBODY, figure.article, figure.words, facts, outcome, missing, message)
