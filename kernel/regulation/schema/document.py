"""The whole pack as one document; a folder of YAML files is this document in parts."""

from typing import Any, Literal

from pydantic import Field

from kernel.regulation.schema.articles import Article
from kernel.regulation.schema.base import ArticleNumber, Id, Model, Word
from kernel.regulation.schema.counters import Counter
from kernel.regulation.schema.meta import CalendarSection, Meta
from kernel.regulation.schema.organisation import (
    Category,
    Department,
    Grant,
    ItemList,
    Level,
    LevelCode,
    PermissionName,
    RelationKind,
    Role,
)
from kernel.regulation.schema.parameters import Parameter
from kernel.regulation.schema.rules import Fact, Relaxation, Rule
from kernel.regulation.schema.workflows import Procedure, WorkflowDefinition


class PackDocument(Model):
    """A regulation pack. Sections are maps from id to member, so that nothing can stand twice."""

    language: Literal[1]
    pack: Meta
    levels: dict[LevelCode, Level] = Field(default_factory=dict)
    departments: dict[Word, Department] = Field(default_factory=dict)
    categories: dict[Word, Category] = Field(default_factory=dict)
    relations: dict[Word, RelationKind] = Field(default_factory=dict)
    roles: dict[Word, Role] = Field(default_factory=dict)
    calendar: CalendarSection | None = None
    parameters: dict[Id, Parameter] = Field(default_factory=dict)
    facts: dict[Word, Fact] = Field(default_factory=dict)
    rules: dict[Id, Rule] = Field(default_factory=dict)
    relaxations: dict[Id, Relaxation] = Field(default_factory=dict)
    counters: dict[Id, Counter] = Field(default_factory=dict)
    procedures: dict[Word, Procedure] = Field(default_factory=dict)
    workflows: dict[Word, WorkflowDefinition] = Field(default_factory=dict)
    permissions: dict[PermissionName, list[Grant]] = Field(default_factory=dict)
    lists: dict[Id, ItemList] = Field(default_factory=dict)
    articles: dict[ArticleNumber, Article] = Field(default_factory=dict)


def json_schema() -> dict[str, Any]:
    """The JSON Schema published as `regulations/schema.json` for editors and for other programs."""
    schema = PackDocument.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Regulation pack"
    return schema
