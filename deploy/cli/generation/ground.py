"""What a regulation says that histories under it need, read from its pack once and passed on to every process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from deploy.cli.failures import Refusal
from kernel.approvals.definition import WorkflowDefinition
from kernel.regulation.loading import load
from kernel.regulation.pack import Pack
from kernel.regulation.reading import read_yaml
from services.assessment.method import Terms
from services.assessment.runner import LEVEL as ASSESSMENT_LEVEL
from services.assessment.scheme.rules import check_terms, freeze
from services.recruitment.plan.rules import HIRE, PROCEDURE
from services.roster.dossier.rules import party_levels
from services.training.need.rules import pre_service

PUBLICITY = {"publicity_days": 5, "publicity_unit": "working"}
"""What every made-up plan sets where its regulation leaves it to the plan."""
METHOD, LADDER = "samples/assessment.yaml", "samples/ladder.yaml"


@dataclass(frozen=True, slots=True)
class Role:
    """A post that workers hold."""

    code: str
    title: str
    category: str
    relation: str
    hours: Decimal | None
    """Hours of training that holding it asks for in a year."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of the method, from so many points on."""

    code: str
    failing: bool
    outstanding: bool
    least: Decimal


@dataclass(frozen=True, slots=True)
class Ground:
    """One regulation."""

    pack_id: str
    pack_version: str
    effective: date
    elected: tuple[Role, ...]
    """Posts that one person at a time holds in a community."""
    staff: Role
    parties: Mapping[str, str]
    organiser: str
    """Level that recruits."""
    stages: tuple[tuple[str, str | None], ...]
    """Stages of the selection with their articles."""
    hire: str
    """Definition of a hire's case (JSON), and its steps."""
    hire_steps: tuple[tuple[str, str, str, str], ...]
    """Each step's id, kind, department and level."""
    assessor: str
    """Level that runs the yearly assessment."""
    terms: str
    method: str
    components: tuple[tuple[str, int], ...]
    """Code and weight in basis points."""
    places: int
    grades: tuple[Grade, ...]
    """From the best to the worst."""
    pre_service: tuple[Decimal, str, str | None] | None
    """Hours before the post, the forms that count (JSON), the article."""
    forms: str
    yearly_article: str | None
    ladder: Mapping[str, Any] | None

    @property
    def pack(self) -> tuple[str, str]:
        """Id and version."""
        return self.pack_id, self.pack_version


def json(value: object) -> str:
    """JSON as COPY takes it: the texts of a pack hold no backslash, and quotes within them would bring one."""
    return msgspec.json.encode(value).decode().replace("\\", "\\\\")


def read(folder: Path, on: date) -> Ground:
    """The ground of the regulation in that folder on that day. Raises `Refusal` where it lacks what is needed."""
    pack = load(folder)
    terms = _terms(folder, pack, on)
    method = freeze(pack, terms, on)
    procedure, assessor = pack.procedure(PROCEDURE), pack.parameter(ASSESSMENT_LEVEL, on)
    hours = {str(row["role"]): row for row in pack.parameter("training.yearly_hours", on).rows()}
    roles = {
        code: Role(code, one.label.zh, one.category, one.relation, _hours(hours.get(code)))
        for code, one in pack.document.roles.items()
    }
    staff = next((role for role in roles.values() if role.relation == "labour_contract"), None)
    if procedure is None or staff is None:
        raise Refusal(f"The regulation in {folder} neither recruits nor employs", "name another one")
    organiser = procedure.runner_levels[0]
    hire, steps = _hire(pack, organiser)
    owed, forms = pre_service(pack, on), pack.parameter("training.yearly_forms", on)
    return Ground(
        pack_id=pack.id,
        pack_version=pack.version,
        effective=pack.document.pack.effective,
        elected=tuple(roles[code] for code, one in pack.document.roles.items() if one.once_per_community),
        staff=staff,
        parties={str(party): level for party, level in party_levels(pack, on).items()},
        organiser=organiser,
        stages=tuple((step.id, step.article or procedure.article) for step in procedure.steps if step.selection),
        hire=hire,
        hire_steps=steps,
        assessor=assessor.text(),
        terms=json(terms.model_dump(mode="json")),
        method=json(method.model_dump(mode="json")),
        components=tuple((one.code, one.weight) for one in method.terms.components),
        places=method.terms.rounding.places,
        grades=tuple(Grade(one.code, one.failing, one.outstanding, one.from_score) for one in method.terms.grades),
        pre_service=(owed.hours, json(owed.forms), owed.article) if owed else None,
        forms=json(forms.texts()),
        yearly_article=pack.parameter("training.yearly_hours", on).article,
        ladder=_data(folder / LADDER) if (folder / LADDER).is_file() else None,
    )


def _hours(row: Mapping[str, int | bool | str] | None) -> Decimal | None:
    return None if row is None else Decimal(str(row["hours"]))


def _data(file: Path) -> dict[str, Any]:
    return dict(read_yaml(file.read_text(encoding="utf-8"), file.name).data)


def _terms(folder: Path, pack: Pack, on: date) -> Terms:
    file = folder / METHOD
    if not file.is_file():
        raise Refusal(f"There is no {file}", "write a sample of a method of assessment there")
    terms = Terms.model_validate(_data(file)["terms"])
    check_terms(pack, terms, on)
    return terms


def _hire(pack: Pack, level: str) -> tuple[str, tuple[tuple[str, str, str, str], ...]]:
    workflow = pack.workflow(HIRE)
    if workflow is None or not workflow.covers(level):
        return json({}), ()
    definition = WorkflowDefinition.load(workflow.for_case(HIRE, level, PUBLICITY))
    steps = tuple((step.id, step.kind, step.by.department, step.by.level) for step in definition.steps)
    return json(definition.dump()), steps
