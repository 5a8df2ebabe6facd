"""Who may organise a recruitment and for what kind of worker, as the pack's procedure says (NM-7, NM-8)."""

from collections.abc import Mapping

from kernel.errors import FieldError, InvalidInput, RuleRefused, Text, WrongState
from kernel.regulation.pack import Pack

PROCEDURE = "recruitment"
WORKFLOW = "recruitment_plan"
HIRE = "hire"
ELECTED = "recall_or_removal"
"""How a relation ends that only an election makes: whoever stands in it alone is never recruited."""
EDITABLE = ("draft", "returned")


def check_organiser(pack: Pack, level: str) -> None:
    """Raise `RuleRefused` unless units of that level run recruitments under this regulation."""
    procedure = pack.procedure(PROCEDURE)
    if procedure is None or level in procedure.runner_levels:
        return
    named = [pack.document.levels[each].name for each in procedure.runner_levels if each in pack.document.levels]
    raise RuleRefused(
        Text(
            f"招聘由{'或者'.join(name.zh for name in named)}统一组织",
            f"Recruitment is organised by: {', '.join(name.en for name in named)}.",
        ),
        article=procedure.article,
    )


def check_category(pack: Pack, category: str, pointer: str) -> None:
    """Raise `InvalidInput` unless the pack has the category and its members are hired, not elected."""
    known = pack.document.categories.get(category)
    if known is None:
        raise InvalidInput(
            errors=[FieldError(pointer, Text("本办法没有此类人员", "This regulation has no such category."))]
        )
    hired = [
        each
        for each in known.relations
        if each not in pack.document.relations or pack.document.relations[each].removal != ELECTED
    ]
    if not hired:
        raise InvalidInput(
            errors=[
                FieldError(
                    pointer,
                    Text("此类人员按规定产生，不招聘", "Members of this category are elected, not recruited."),
                    article=known.article,
                )
            ]
        )


def check_editable(state: str) -> None:
    """Raise `WrongState` for a plan that was submitted: what others decide on does not change under them."""
    if state not in EDITABLE:
        raise WrongState(Text("方案已报送，不能修改", "The plan was submitted and cannot be changed."))


def check_times_set(pack: Pack, level: str, facts: Mapping[str, object]) -> None:
    """Raise `ParameterNotSet` unless the plan sets every time that workflows resting on it take from it.

    Found at submission, so that it does not come out when the people are chosen (NM-8: the length of the publicity is
    not written).
    """
    for name in (WORKFLOW, HIRE):
        workflow = pack.workflow(name)
        if workflow is None or not workflow.covers(level):
            continue
        for step in workflow.steps:
            for time in (step.due, step.period):
                if time is not None:
                    time.of_case(facts)


def check_asked_for(pack: Pack, level: str, *, publicity: bool, relaxed_age: bool, relaxed_education: bool) -> None:
    """Raise `InvalidInput` for what a plan sets and the regulation does not know: it would have no effect (SH-6, SH-8).

    `publicity`: the plan says how long the list is public; the others: how far age or education may be relaxed.
    """
    errors: list[FieldError] = []
    hire = pack.workflow(HIRE)
    public = hire is not None and hire.covers(level) and any(step.kind == "publicize" for step in hire.steps)
    if publicity and not public:
        procedure = pack.procedure(PROCEDURE)
        article = procedure.article if procedure else None
        text = Text("本办法的程序没有公示，不设公示天数", "The procedure has no publicity; leave its days out.")
        errors.append(FieldError("/publicity_days", text, article=article))
    if not pack.document.relaxations:
        text = Text("本办法没有放宽条件的规定", "This regulation relaxes no condition.")
        given = {"/relaxed_age_limit": relaxed_age, "/relaxed_education_codes": relaxed_education}
        errors += [FieldError(pointer, text) for pointer, present in given.items() if present]
    if errors:
        raise InvalidInput(errors=errors)


def check_seats_answered(seats: str) -> None:
    """Raise `WrongState` while roster has not answered yet whether the posts are free: nobody approves before."""
    if seats == "asked":
        raise WrongState(Text("职数正在预留，请稍候再办理", "The posts are being reserved; decide in a moment."))


def check_finishable(state: str) -> None:
    """Raise `WrongState` for a plan that is not approved, or ended already."""
    if state != "approved":
        raise WrongState(Text("只有已通过的方案可以结束", "Only an approved plan is finished."))


def check_submittable(state: str) -> None:
    """Raise `WrongState` for anything but a draft: a returned plan is submitted again in its case."""
    if state != "draft":
        raise WrongState(
            Text(
                "只有拟制中的方案可以报送；被退回的方案请在审批事项中重新提交",
                "Only a draft is submitted; a returned plan is submitted again in its approval case.",
            )
        )
