"""Regulations as data: the pack's language, its layers, conditions in CEL, findings, parameters and workflows.

A jurisdiction is a folder of YAML; nothing here knows one. The language is published as
`regulations/schema.json`.
"""

from kernel.regulation.evaluation import Determination
from kernel.regulation.faults import Fault, PackRefused
from kernel.regulation.figures import Figure, NotRegulated
from kernel.regulation.findings import Finding
from kernel.regulation.loading import load
from kernel.regulation.pack import Lineage, Pack, UnknownMember
from kernel.regulation.schema import (
    Article,
    Grant,
    ItemList,
    Outcome,
    PackDocument,
    Procedure,
    ProcedureStep,
    WorkflowDefinition,
    WorkflowStep,
)
from kernel.regulation.versions import PackSet

__all__ = [
    "Article",
    "Determination",
    "Fault",
    "Figure",
    "Finding",
    "Grant",
    "ItemList",
    "Lineage",
    "NotRegulated",
    "Outcome",
    "Pack",
    "PackDocument",
    "PackRefused",
    "PackSet",
    "Procedure",
    "ProcedureStep",
    "UnknownMember",
    "WorkflowDefinition",
    "WorkflowStep",
    "load",
]
