"""When a hire may be proposed, and that posts are never over-filled (NM-8, NM-12). Pure."""

from kernel.errors import RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack
from kernel.regulation.schema.workflows import StageKind

WORKFLOW = "hire"
_STEPS: tuple[StageKind, ...] = ("publicity", "decision")
"""Where a hire stands in the procedure (NM-8(7), SH-8(5))."""


def check_proposable(pack: Pack, state: str) -> None:
    """Raise `WrongState` unless the applicant is qualified and nobody proposed them yet."""
    if state != "qualified":
        raise WrongState(
            Text("该报名不能提出聘用", "A hire is proposed for a qualified applicant, once."), article=article(pack)
        )


def check_not_ended(pack: Pack, *, ended: bool) -> None:
    """Raise `WrongState` after the recruitment was ended: its free posts went back."""
    if ended:
        raise WrongState(
            Text("招聘已结束，不能再提出聘用", "The recruitment was ended; nobody is proposed any more."),
            article=article(pack),
        )


def check_free(pack: Pack, *, posts: int, taken: int) -> None:
    """Raise `RuleRefused` where every post of the notice item is filled or spoken for."""
    if taken >= posts:
        raise RuleRefused(
            Text(
                f"该岗位招聘{posts}人，已全部拟聘用",
                f"The notice has {posts} post(s) here; all are filled or proposed.",
            ),
            article=article(pack),
        )


def article(pack: Pack) -> str | None:
    """The article of the procedure's publicity, of its decision where it has none, or of the procedure."""
    procedure = pack.procedure("recruitment")
    if procedure is None:
        return None
    for kind in _STEPS:
        for step in procedure.steps:
            if kind in step.kinds:
                return step.article
    return procedure.article
