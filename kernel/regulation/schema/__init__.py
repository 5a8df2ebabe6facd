"""The language of a regulation pack: what may stand in its YAML, strictly typed, published as JSON Schema."""

from kernel.regulation.schema.articles import Article, ArticleStatus
from kernel.regulation.schema.base import Basis, Label, Model
from kernel.regulation.schema.counters import Counter
from kernel.regulation.schema.document import PackDocument, json_schema
from kernel.regulation.schema.meta import CalendarSection, Meta
from kernel.regulation.schema.organisation import Category, Department, Grant, ItemList, Level, RelationKind, Role
from kernel.regulation.schema.parameters import Parameter
from kernel.regulation.schema.rules import Fact, Outcome, Relaxation, Rule
from kernel.regulation.schema.workflows import (
    Due,
    Procedure,
    ProcedureStep,
    StepKind,
    WorkflowDefinition,
    WorkflowStep,
)

__all__ = [
    "Article",
    "ArticleStatus",
    "Basis",
    "CalendarSection",
    "Category",
    "Counter",
    "Department",
    "Due",
    "Fact",
    "Grant",
    "ItemList",
    "Label",
    "Level",
    "Meta",
    "Model",
    "Outcome",
    "PackDocument",
    "Parameter",
    "Procedure",
    "ProcedureStep",
    "RelationKind",
    "Relaxation",
    "Role",
    "Rule",
    "StepKind",
    "WorkflowDefinition",
    "WorkflowStep",
    "json_schema",
]
