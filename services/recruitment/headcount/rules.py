"""Whether the posts that a plan asks for are free, as far as recruitment knows (NM-5; R1). Pure.

Roster's reservation decides; what it refuses is shown by the same finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kernel.errors import FieldError, ParameterNotSet, RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import SAYS, Finding
from kernel.regulation.pack import Pack

BEYOND = "headcount.beyond"
TOTAL_FIXED_BY = "headcount.total_fixed_by"
REFUSE = "refuse"
RULE = "headcount.free_posts"


@dataclass(frozen=True, slots=True)
class Asked:
    """Posts asked for in one community, and those free there; `fixed` None where no number was fixed.

    taken: posts occupied or kept already. ranges: the numbers (least, most) that a norm allows, where it leaves a
    choice (SH-5); fewer than the least is a community still short, which no plan has to explain.
    """

    title: str
    posts: int
    fixed: int | None
    free: int
    taken: int = 0
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the posts are free and leave the community with a number that the norm allows, or below it."""
        total = self.taken + self.posts
        between = bool(self.ranges) and total >= self.ranges[0][0]
        allowed = not between or any(least <= total <= most for least, most in self.ranges)
        return self.fixed is not None and self.posts <= self.free and allowed


def norm(pack: Pack, on: date) -> Figure | None:
    """The figure that says what happens beyond the number; None where the regulation sets no number at all."""
    figure = pack.parameter(BEYOND, on)
    return figure if figure.state == "set" else None


def finding(figure: Figure, asked: Asked) -> Finding:
    """Whether the posts are free, with the numbers asked and free."""
    met = asked.fits
    says = SAYS["met" if met else "not_met"]
    zh = f"{says.zh}：{asked.title}申请 {asked.posts} 人，空额 {asked.free} 人"
    en = f"{says.en}: {asked.posts} asked for {asked.title}, {asked.free} free"
    facts: dict[str, object] = {
        "community": asked.title,
        "asked": asked.posts,
        "free": asked.free,
        "fixed": asked.fixed,
    }
    if asked.ranges:
        total, norm = asked.taken + asked.posts, [f"{least}–{most}" for least, most in asked.ranges]
        zh += f"；招聘后共 {total} 人，配备标准 {'或者'.join(norm)} 人"
        en += f"; {total} in all afterwards, the norm is {' or '.join(norm)}"
        facts |= {"total": total, "ranges": norm}
    message = Text(zh, en)
    return Finding(RULE, figure.article, figure.words, facts, "met" if met else "not_met", asked.free, message)


def check(pack: Pack, figure: Figure, asked: Sequence[Asked], league: str, on: date) -> list[Finding]:
    """The findings on every community; raises where the regulation refuses.

    `ParameterNotSet` for a community without a number, naming who fixes it; `RuleRefused` with the numbers where the
    norm is a ceiling. Where it only warns, the findings come back and a reason is asked (`check_reason`).
    """
    for each in asked:
        if each.fixed is None:
            raise not_fixed(pack, each.title, league, on)
    found = [finding(figure, each) for each in asked]
    if figure.text() == REFUSE:
        refuse_beyond(found)
    return found


def refuse_beyond(found: Sequence[Finding]) -> None:
    """Raise `RuleRefused` with every finding where one is not met."""
    lacking = [each for each in found if not each.passes]
    if lacking:
        raise RuleRefused(
            Text(
                "招聘人数超过空额：" + "；".join(each.message.zh for each in lacking),
                "More posts than are free: " + "; ".join(each.message.en for each in lacking),
            ),
            article=lacking[0].article,
            findings=[each.as_json() for each in found],
        )


def not_fixed(pack: Pack, community: str, league: str, on: date) -> ParameterNotSet:
    """The problem of a community whose number nobody fixed: silence is not zero."""
    by = pack.parameter(TOTAL_FIXED_BY, on)
    if by.state != "set":
        return ParameterNotSet(
            Text(
                f"{community}的规模尚未登记，配备人数无从确定",
                f"The size of {community} is not recorded, so its number of posts does not follow.",
            ),
            article=pack.parameter(BEYOND, on).article,
        )
    office = pack.department_name(by.text(), on)
    return ParameterNotSet(
        Text(
            f"{community}的配备人数尚未核定：先由{league}{office}核定总量，再按程序确定各社区人数",
            f"The posts of {community} are not fixed: {league} fixes the total, then the communities' numbers follow.",
        ),
        article=by.article,
    )


def check_reason(found: Sequence[Finding], reason: str | None) -> None:
    """Raise `RuleRefused` where the norm warns of the number of posts and the plan gives no reason for it."""
    beyond = [each for each in found if not each.passes]
    if beyond and not reason:
        message = Text(
            "超出配备标准，请在方案中说明理由：" + "；".join(each.message.zh for each in beyond),
            "Outside the norm; give the reason in the plan: " + "; ".join(each.message.en for each in beyond),
        )
        raise RuleRefused(
            message,
            article=beyond[0].article,
            errors=[FieldError("/over_reason", message, RULE, beyond[0].article)],
            findings=[each.as_json() for each in found],
        )
