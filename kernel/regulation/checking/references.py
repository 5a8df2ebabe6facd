"""References between members: departments at levels, relations of categories, and what each article became."""

from collections.abc import Iterator, Mapping

from kernel.errors import Text
from kernel.regulation.faults import Fault
from kernel.regulation.reading import Path_, Source
from kernel.regulation.schema import PackDocument
from kernel.regulation.schema.parameters import Setter
from kernel.regulation.schema.workflows import LOCAL_FIGURES, SUBJECT, BoundOffice, Office

SECTION_OF = {
    "rule": "rules",
    "parameter": "parameters",
    "counter": "counters",
    "workflow": "workflows",
    "procedure": "procedures",
    "relaxation": "relaxations",
    "list": "lists",
    "category": "categories",
    "relation": "relations",
    "role": "roles",
}
META_FIELDS = frozenset({"effective", "issuer", "interpreter", "basis", "jurisdiction"})


def reference_faults(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """Faults of names that point nowhere."""
    yield from _workflows(effective, own, source)
    yield from _grants(effective, own, source)
    yield from _articles(effective, own, source)
    for name, category in own.categories.items():
        for index, relation in enumerate(category.relations):
            if relation not in effective.relations:
                path = ("categories", name, "relations", index)
                yield source.fault(path, f"没有“{relation}”关系", f"no relation {relation!r}; add it under `relations`")
    yield from _relations(effective, own, source)
    yield from _counters(effective, own, source)
    for name, role in own.roles.items():
        held = effective.categories.get(role.category)
        if held is None:
            text = f"no category {role.category!r}; add it under `categories`"
            yield source.fault(("roles", name, "category"), f"没有“{role.category}”类别", text)
        elif role.relation not in held.relations:
            text = f"category {role.category!r} does not stand in relation {role.relation!r}"
            yield source.fault(("roles", name, "relation"), f"“{role.category}”没有“{role.relation}”关系", text)
        if role.part_time_category is not None:
            beside = effective.categories.get(role.part_time_category)
            if beside is None or role.relation not in beside.relations:
                text = f"no category {role.part_time_category!r} in relation {role.relation!r}; add it to `categories`"
                yield source.fault(("roles", name, "part_time_category"), f"没有“{role.part_time_category}”类别", text)
    for name, procedure in own.procedures.items():
        for index, level in enumerate(procedure.runner_levels):
            yield from _level(effective, level, ("procedures", name, "runner_levels", index), source)
        for index, step in enumerate(procedure.steps):
            for office in step.by:
                levels = procedure.runner_levels if office.level == SUBJECT else [office.level]
                yield from _office(effective, office, levels, ("procedures", name, "steps", index, "by"), source)
    for name, parameter in own.parameters.items():
        if parameter.deferred and parameter.deferred not in effective.levels:
            yield from _level(effective, parameter.deferred, ("parameters", name, "deferred"), source)
        if parameter.set_by:
            setter = Office(department=parameter.set_by.department, level=parameter.set_by.level)
            yield from _office(effective, setter, [setter.level], ("parameters", name, "set_by"), source)
            yield from _way(effective, parameter.set_by, ("parameters", name, "set_by", "workflow"), source)


def _way(effective: PackDocument, setter: Setter, path: Path_, source: Source) -> Iterator[Fault]:
    """The workflow by which a figure is set is one about local figures, written for units of that level."""
    if setter.workflow is None:
        return
    workflow = effective.workflows.get(setter.workflow)
    if workflow is None or workflow.subject != LOCAL_FIGURES or not workflow.covers(setter.level):
        yield source.fault(
            path,
            f"没有 {setter.level} 一级设定参数的流程“{setter.workflow}”",
            f"no workflow {setter.workflow!r} with `subject: {LOCAL_FIGURES}` that covers level {setter.level!r}",
        )


def _relations(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """A relation names only national rules that a layer above binds some relation by; the first layer names them."""
    above = [relation for name, relation in effective.relations.items() if name not in own.relations]
    known = {rule for relation in above for rule in relation.national_rules}
    if own.pack.parent is None:
        return
    for name, relation in own.relations.items():
        for index, rule in enumerate(relation.national_rules):
            if rule not in known:
                yield source.fault(
                    ("relations", name, "national_rules", index),
                    f"上层没有“{rule}”这项国家规定",
                    f"no national rule {rule!r}; name one of: {', '.join(sorted(known))}",
                )


def _counters(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    """What a counter leads to is one of the grounds that the text lists."""
    grounds = effective.lists.get("exit.grounds")
    for name, counter in own.counters.items():
        if grounds is None or counter.ground not in grounds.items:
            yield source.fault(
                ("counters", name, "ground"),
                f"退出情形中没有“{counter.ground}”",
                f"no item {counter.ground!r} in the list exit.grounds; add it or mend the name",
            )


def _workflows(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    for name, workflow in own.workflows.items():
        path = ("workflows", name)
        for index, level in enumerate(workflow.subject_levels):
            yield from _level(effective, level, (*path, "subject_levels", index), source)
        for index, step in enumerate(workflow.steps):
            place = (*path, "steps", index)
            if isinstance(step.by, BoundOffice):
                yield from _bound(effective, step.by, (*place, "by"), source)
            for office in (step.by, *step.partners):
                if isinstance(office, BoundOffice):
                    continue
                levels = workflow.subject_levels if office.level == SUBJECT else [office.level]
                yield from _office(effective, office, levels, (*place, "by"), source)


def _bound(effective: PackDocument, by: BoundOffice, path: Path_, source: Source) -> Iterator[Fault]:
    """The parameter that names the office is a table; once it has a value, that is one office of this pack."""
    parameter = effective.parameters.get(by.parameter)
    if parameter is None or parameter.kind != "rows":
        yield source.fault(
            path,
            f"没有表格参数“{by.parameter}”",
            f"no parameter {by.parameter!r} of kind rows; declare it with columns department and level",
        )
        return
    if parameter.value is not None and (problem := office_problem(effective, parameter.value)):
        yield source.fault(path, problem.zh, problem.en)


def office_problem(effective: PackDocument, value: object) -> Text | None:
    """Why the value of a parameter names no one office of this pack, if it does not."""
    row = value[0] if isinstance(value, list) and len(value) == 1 else None
    if not isinstance(row, Mapping) or set(row) != {"department", "level"}:
        return Text("应为一行：department 与 level", "give one row with department and level")
    known = effective.departments.get(str(row["department"]))
    if known is None or str(row["level"]) not in known.levels:
        return Text("管理办法中该级没有此部门", "the regulation has no such department at that level")
    return None


def _office(effective: PackDocument, office: Office, levels: list[str], path: Path_, source: Source) -> Iterator[Fault]:
    department = effective.departments.get(office.department)
    if department is None:
        yield source.fault(
            path,
            f"没有“{office.department}”部门",
            f"no department {office.department!r}; add it under `departments`",
        )
        return
    for level in levels:
        if level not in effective.levels or level not in department.levels:
            yield source.fault(
                path,
                f"{level} 一级没有“{office.department}”部门",
                f"department {office.department!r} does not stand at level {level!r}; mend the step or the department",
            )


def _grants(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    for name, grants in own.permissions.items():
        for index, grant in enumerate(grants):
            for department in grant.departments:
                known = effective.departments.get(department)
                missing = grant.levels if known is None else [each for each in grant.levels if each not in known.levels]
                if missing:
                    levels = ", ".join(missing)
                    yield source.fault(
                        ("permissions", name, index),
                        f"部门“{department}”不在：{levels}",
                        f"department {department!r} does not stand at: {levels}",
                    )


def _articles(effective: PackDocument, own: PackDocument, source: Source) -> Iterator[Fault]:
    for number, article in own.articles.items():
        for index, reference in enumerate(article.refs):
            kind, _, member = reference.partition(":")
            known = META_FIELDS if kind == "meta" else getattr(effective, SECTION_OF[kind])
            if member not in known:
                yield source.fault(
                    ("articles", number, "refs", index),
                    f"“{reference}”不存在",
                    f"{reference!r} does not exist; mend the name or add the member",
                    number,
                )


def _level(effective: PackDocument, level: str, path: Path_, source: Source) -> Iterator[Fault]:
    if level not in effective.levels:
        yield source.fault(path, f"没有“{level}”级", f"no level {level!r} in this pack; add it under `levels`")
