"""What the regulation asks of a method of assessment (NM-28, NM-37(2), SH-21, 23). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from kernel.errors import FieldError, InvalidInput, ParameterNotSet, RuleRefused, Text, WrongState
from kernel.regulation.figures import Figure, NotRegulated
from kernel.regulation.pack import Pack
from kernel.regulation.schema import Procedure
from services.assessment import method
from services.assessment.method import (
    CONFIRMATION,
    FILING,
    PROCEDURE,
    PUBLICITY,
    SCORING,
    SURVEY,
    WHOLE,
    Grade,
    Method,
    Stage,
    Terms,
)

METHOD = "assessment.method"
FOCUS = "assessment.focus"
FROM_SURVEY = "assessment.survey_components"
FLOOR = "assessment.satisfaction_floor"
GRADES = "assessment.grades"
NEVER_FAILING = "assessment.never_failing"
CAP = "assessment.outstanding_cap"
LEAST = "assessment.satisfaction_least_score"


def check_level(pack: Pack, level: str | None) -> None:
    """Raise `RuleRefused` unless units of that level set the method (NM-28: 旗县)."""
    figure = pack.parameter(METHOD)
    if figure.state == "not_regulated":
        raise NotRegulated(
            Text("本办法未规定年度考核办法由谁制定", "The regulation does not say who sets the method."),
            article=figure.article,
        )
    wanted = figure.parameter.deferred
    if wanted != level:
        raise RuleRefused(
            Text(f"考核办法由 {wanted} 一级制定", f"The method is set by units of the level {wanted!r}."),
            article=figure.article,
        )


def check_draft(state: str) -> None:
    """Raise `WrongState` for a method that is decided on or in force."""
    if state != "draft":
        raise WrongState(Text("只有草案可以修改或报批", "Only a draft can be changed or submitted."))


def check_from(valid_from: date, today: date, article: str | None) -> None:
    """Raise `RuleRefused` for a method that would bind days already past."""
    if valid_from < today:
        raise RuleRefused(
            Text("考核办法不得溯及既往，请改定生效日", "A method binds from its approval on; name a later day."),
            article=article,
        )


def not_set(pack: Pack, unit_title: str) -> ParameterNotSet:
    """The refusal of a cycle where its unit has no method, naming the article and the unit."""
    figure = pack.parameter(METHOD)
    label = figure.parameter.label
    return ParameterNotSet(
        Text(
            f"“{label.zh}”由{unit_title}制定（{figure.article}），尚未制定",
            f"{label.en} is left to {unit_title} ({figure.article}), which has set none",
        ),
        article=figure.article,
    )


def check_terms(pack: Pack, terms: Terms, on: date) -> None:
    """Raise `InvalidInput` with every fault of the terms under the pack, or `NotRegulated` without a procedure."""
    procedure = procedure_of(pack)
    errors = [
        *_components(pack, terms, on),
        *_stages(procedure, terms),
        *_grades(pack, terms, on),
        *_cap(pack, terms, on),
        *_publicity(procedure, terms),
        *_participation(pack, terms),
    ]
    if errors:
        raise InvalidInput(Text("考核办法不符合规定", "The method does not fit the regulation."), errors=errors)


def procedure_of(pack: Pack) -> Procedure:
    """The regulation's procedure of the yearly assessment."""
    procedure = pack.procedure(PROCEDURE)
    if procedure is None:
        raise NotRegulated(Text("本办法未规定年度考核程序", "No procedure of assessment is regulated here."))
    return procedure


def freeze(pack: Pack, terms: Terms, on: date) -> Method:
    """The method of a cycle opened on that day: the terms, the regulation's stages, and the lower of the two caps."""
    procedure = procedure_of(pack)
    stages = [
        Stage(
            id=step.id,
            kind=step.kinds[0],
            label_zh=step.label.zh,
            label_en=step.label.en,
            article=step.article or procedure.article,
            by=[method.StageOffice(department=each.department, level=each.level) for each in step.by],
        )
        for step in procedure.steps
        if step.id in terms.stages
    ]
    figure = pack.parameter(CAP, on)
    caps = [terms.outstanding_cap] if figure.state != "set" else [terms.outstanding_cap, figure.integer()]
    least = pack.regulated(LEAST, on)
    set_caps = [cap for cap in caps if cap is not None]
    taking_part = terms.participation
    if not taking_part.categories:
        taking_part = taking_part.model_copy(update={"categories": _full_time(pack)})
    return Method(
        terms=terms.model_copy(update={"participation": taking_part}),
        stages=stages,
        article=procedure.article,
        cap=min(set_caps) if set_caps else None,
        cap_article=figure.article if figure.state == "set" else procedure.article,
        least=least.integer() if least else None,
        least_components=_texts(pack.parameter(FROM_SURVEY, on)) if least else [],
        least_article=least.article if least else None,
    )


def _error(pointer: str, zh: str, en: str, article: str | None = None) -> FieldError:
    return FieldError(pointer, Text(zh, en), article=article)


def _texts(figure: Figure) -> list[str]:
    return figure.texts() if figure.state == "set" else []


def _components(pack: Pack, terms: Terms, on: date) -> Iterator[FieldError]:
    codes = [component.code for component in terms.components]
    if len(set(codes)) != len(codes):
        yield _error("/terms/components", "考核内容代码重复", "A component stands twice.")
    weights = sum(component.weight for component in terms.components)
    if weights != WHOLE:
        yield _error(
            "/terms/components",
            f"权重合计 {weights}，应为 {WHOLE}",
            f"The weights add up to {weights}, not to {WHOLE}.",
        )
    focus = pack.parameter(FOCUS, on)
    for missing in [code for code in _texts(focus) if code not in codes]:
        yield _error("/terms/components", f"缺少“{missing}”", f"The component {missing!r} is missing.", focus.article)
    kinds = {step.id: step.kinds[0] for step in procedure_of(pack).steps}
    residents = pack.parameter(FROM_SURVEY, on)
    for index, component in enumerate(terms.components):
        pointer = f"/terms/components/{index}/stage"
        kind = kinds.get(component.stage) if component.stage in terms.stages else None
        if kind not in (SCORING, SURVEY):
            yield _error(pointer, "该环节不评分", "Nothing is scored in this stage.")
        elif (component.code in _texts(residents)) != (kind == SURVEY):
            yield _error(
                pointer,
                "居民满意度由居民测评得出，其余内容由评分得出",
                "Satisfaction comes from the residents' survey, everything else from scoring.",
                residents.article,
            )
    yield from _floor(pack.parameter(FLOOR, on), terms, set(_texts(residents)))


def _floor(figure: Figure, terms: Terms, satisfaction: set[str]) -> Iterator[FieldError]:
    if figure.state != "set":
        return
    weight = sum(component.weight for component in terms.components if component.code in satisfaction)
    if weight < figure.integer():
        yield _error(
            "/terms/components",
            f"居民满意度占 {weight}，低于 {figure.integer()}",
            f"Satisfaction weighs {weight} basis points, less than {figure.integer()}.",
            figure.article,
        )


def _stages(procedure: Procedure, terms: Terms) -> Iterator[FieldError]:
    inside = [step for step in procedure.steps if step.kinds[0] not in (PUBLICITY, FILING)]
    order = [step.id for step in inside]
    if terms.stages != [stage for stage in order if stage in terms.stages]:
        yield _error(
            "/terms/stages",
            f"环节须按规定顺序：{'、'.join(order)}",
            f"Stages are those of the procedure in its order: {', '.join(order)}.",
            procedure.article,
        )
    for step in inside:
        if step.id not in terms.stages and not step.optional:
            yield _error(
                "/terms/stages",
                f"缺少“{step.label.zh}”",
                f"{step.label.en} is missing.",
                step.article or procedure.article,
            )
        elif step.id in terms.stages and step.kinds[0] in (SCORING, SURVEY) and not _scored_in(terms, step.id):
            yield _error("/terms/stages", f"“{step.label.zh}”没有考核内容", f"{step.label.en} scores nothing.")
    if terms.stages and inside and (terms.stages[-1] != order[-1] or inside[-1].kinds[0] != CONFIRMATION):
        yield _error("/terms/stages", "最后一个环节须为确认等次", "The last stage is the confirmation of grades.")


def _scored_in(terms: Terms, stage: str) -> bool:
    return any(component.stage == stage for component in terms.components)


def _grades(pack: Pack, terms: Terms, on: date) -> Iterator[FieldError]:
    grades = terms.grades
    codes = [grade.code for grade in grades]
    if len(set(codes)) != len(codes):
        yield _error("/terms/grades", "等次代码重复", "A grade stands twice.")
    if not any(grade.failing for grade in grades):
        yield _error(
            "/terms/grades", "须写明哪些等次为不合格", "Say which grades are failed.", pack.parameter(METHOD).article
        )
    never = pack.parameter(NEVER_FAILING, on)
    for index, grade in enumerate(grades):
        if grade.failing and grade.outstanding:
            yield _error(f"/terms/grades/{index}", "优秀不能同时为不合格", "A grade cannot be both top and failed.")
        if grade.failing and grade.label in _texts(never):
            yield _error(
                f"/terms/grades/{index}/failing",
                f"“{grade.label}”不得作为不合格",
                f"{grade.label} never counts as failed.",
                never.article,
            )
    if not _covered(grades, terms.full_score):
        yield _error(
            "/terms/grades",
            "每个分数都须有等次，且由高到低排列",
            "Every score has a grade, and grades stand from the best to the worst.",
        )
    yield from _named(pack.parameter(GRADES, on), grades)


def _covered(grades: list[Grade], full: Decimal) -> bool:
    """Whether the bounds leave no score from 0 to full without a grade, going down from the best grade."""
    reached: Decimal | None = None
    for grade in grades:
        if grade.before_score is not None and grade.before_score <= grade.from_score:
            return False
        if reached is None:
            if grade.before_score is not None or grade.from_score > full:
                return False
        elif grade.from_score >= reached or (grade.before_score is not None and grade.before_score < reached):
            return False
        reached = grade.from_score
    return reached == 0


def _named(figure: Figure, grades: list[Grade]) -> Iterator[FieldError]:
    """A regulation that names the grades leaves the method no other ones and no other meaning."""
    if figure.state != "set":
        return
    rows: list[Mapping[str, object]] = list(figure.rows())
    wanted = [(row["code"], row["label"], row["failing"], row["outstanding"]) for row in rows]
    if [(grade.code, grade.label, grade.failing, grade.outstanding) for grade in grades] != wanted:
        names = "、".join(str(row["label"]) for row in rows)
        yield _error(
            "/terms/grades",
            f"等次须依次为：{names}",
            f"The grades are in this order, with these names: {', '.join(str(row['code']) for row in rows)}.",
            figure.article,
        )


def _cap(pack: Pack, terms: Terms, on: date) -> Iterator[FieldError]:
    figure = pack.parameter(CAP, on)
    if figure.state == "set" and terms.outstanding_cap is not None and terms.outstanding_cap > figure.integer():
        yield _error(
            "/terms/outstanding_cap",
            f"优秀比例不得高于 {figure.integer()}",
            f"The top grade goes to at most {figure.integer()} basis points.",
            figure.article,
        )


def _publicity(procedure: Procedure, terms: Terms) -> Iterator[FieldError]:
    """Days of publicity go with their unit; a regulation that writes the step without its days leaves them to us."""
    step = next((each for each in procedure.steps if each.kinds[0] == PUBLICITY), None)
    if step is not None and not step.optional and terms.publicity_days is None:
        yield _error(
            "/terms/publicity_days",
            "条文规定公示而未写天数，考核办法须写明",
            "Publicity is prescribed without its days: the method must set them.",
            step.article or procedure.article,
        )
    if (terms.publicity_days is None) != (terms.publicity_unit is None):
        yield _error("/terms/publicity_days", "公示天数须写明单位", "Days of publicity go with their unit.")


def _full_time(pack: Pack) -> list[str]:
    return [code for code, category in pack.document.categories.items() if category.full_time]


def _participation(pack: Pack, terms: Terms) -> Iterator[FieldError]:
    """Who serves part-time, or for another body, is no community worker and is not assessed (NM-3, SH-2)."""
    for index, code in enumerate(terms.participation.categories):
        category = pack.document.categories.get(code)
        if category is not None and not category.full_time:
            yield _error(
                f"/terms/participation/categories/{index}",
                f"“{category.label.zh}”不是专职社区工作者，不参加考核",
                f"{category.label.en} is no full-time community worker and is not assessed.",
                category.article,
            )
