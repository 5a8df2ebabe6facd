"""The page docs/workflows.md: by regulation each workflow with article, steps and the feature that opens it (A7)."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from deploy.cli.operations import found
from deploy.cli.page_table import head, row
from deploy.cli.supervisor.applications import importing
from kernel.approvals.embed.hooks import ApprovalHooks
from kernel.errors import Text
from kernel.regulation.pack import Pack
from kernel.regulation.schema.workflows import SUBJECT, BoundOffice, Office, WorkflowDefinition, WorkflowStep

Reasons = Mapping[str, Mapping[str, Text]]
HEAD = """# Workflows

Which approvals each regulation writes, under which article, through which offices, and the feature of which service
opens them. `shegong workflows` prints this page from the regulations and the program, and fails where a workflow has no
feature or a feature no workflow; why a regulation does not write one stands in `regulations/unwritten.yaml`.

A step reads `kind` office@level; *subject* is the unit that the matter is about. A case keeps the definition and the
version of the regulation under which it was opened: a newer version concerns new cases alone."""


def features() -> dict[str, str]:
    """By workflow the feature that opens it, `service.feature`, of every process."""
    deque(importing(), maxlen=0)
    return {name: feature for hooks in found(ApprovalHooks) for name, feature in hooks.features.items()}


def faults(opened: Mapping[str, str], packs: Sequence[Pack], unwritten: Reasons) -> Iterator[str]:
    """Everything by which the page would lie, one line each. `unwritten`: by regulation, what it does not write, and
    why."""
    for pack in packs:
        written, excused = pack.document.workflows.keys(), unwritten.get(pack.id, {}).keys()
        for name in sorted(written - opened.keys()):
            yield f"{pack.id}: workflow {name} is opened by no feature"
        for name in sorted(opened.keys() - written - excused):
            yield f"{pack.id}: {opened[name]} opens {name}, which is not written, and no reason is given"
        for name in sorted(excused & written):
            yield f"{pack.id}: {name} is written, though a reason is given why not"
        for name in sorted(excused - opened.keys()):
            yield f"{pack.id}: a reason is given for {name}, which no feature opens"
    known = {pack.id for pack in packs}
    yield from (f"unwritten: there is no regulation {name}" for name in sorted(unwritten.keys() - known))


def page(opened: Mapping[str, str], packs: Sequence[Pack], unwritten: Reasons) -> str:
    """The whole page; the same for the same program and regulations."""
    blocks = [HEAD]
    for pack in packs:
        title = pack.document.pack.title
        blocks += [f"## {title.zh}", f"`{pack.id}`: {title.en}.", "\n".join(_written(pack, opened))]
        reasons = unwritten.get(pack.id, {})
        if reasons:
            blocks += [f"### {pack.id}: 未规定 not written", "\n".join(_reasons(reasons, opened))]
    return "\n\n".join(blocks) + "\n"


def _written(pack: Pack, opened: Mapping[str, str]) -> Iterator[str]:
    yield from head("workflow", "名称", "article", "about a unit of", "steps", "opened by")
    for name, workflow in sorted(pack.document.workflows.items()):
        steps = "<br>".join(_step(step) for step in workflow.steps) or _waits(workflow)
        levels = ", ".join(workflow.subject_levels)
        article = workflow.article or "ours"
        yield row(f"`{name}`", workflow.label.zh, article, levels, steps, f"`{opened.get(name, '')}`")


def _waits(workflow: WorkflowDefinition) -> str:
    return f"does not start: {workflow.unbound.en}" if workflow.unbound else ""


def _step(step: WorkflowStep) -> str:
    who = f"={step.by.parameter}" if isinstance(step.by, BoundOffice) else _office(step.by)
    partners = f" with {', '.join(map(_office, step.partners))}" if step.partners else ""
    return f"`{step.kind}` {who}{partners}{'' if step.blocks else ' (does not block)'}"


def _office(office: Office) -> str:
    return f"{office.department}@{'*subject*' if office.level == SUBJECT else office.level}"


def _reasons(reasons: Mapping[str, Text], opened: Mapping[str, str]) -> Iterator[str]:
    yield from head("workflow", "原因", "reason", "opened by")
    for name, reason in sorted(reasons.items()):
        yield row(f"`{name}`", reason.zh, reason.en, f"`{opened.get(name, '')}`")
