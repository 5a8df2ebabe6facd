"""Gathering what a printed contract says (NM-12). Identity data stays masked: a print leaves the system."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from kernel.clock import local_date
from kernel.db.transaction import Transaction
from kernel.documents import DocumentKind
from kernel.errors import NotFound, Text
from kernel.http.labels import all_labels
from kernel.org import queries as org
from services.roster.contract import queries as contract_queries
from services.roster.contract.schemas import ContractView
from services.roster.dossier import actions as dossier_actions
from services.roster.dossier import queries as dossier_queries
from services.roster.printing import rules

GROUNDS = "roster.penalty_ground"
CONTRACT = DocumentKind(
    "labour_contract",
    Text("劳动合同（协议）", "Labour contract or agreement"),
    Path(__file__).parent / "templates" / "labour_contract.docx",
    sample={
        "title": "劳动合同",
        "kind": "合同",
        "basis": "《样例办法》",
        "article": "X-1",
        "words": "样例条文",
        "number": "00000000-0000-0000-0000-000000000000",
        "draft_note": "（本件尚未由双方签署，不具有合同效力）",
        "employer": "样例街道",
        "worker": "样例人员",
        "id_number": "990101********0010",
        "phone": "139****0000",
        "post_title": "社区专职工作人员",
        "community": "样例社区",
        "term": "固定期限，自2026年1月1日起至2028年12月31日止",
        "probation": "不约定试用期",
        "clauses": [{"number": "一", "label": "职责要求", "text": "样例约定"}],
        "penalty": "不约定由劳动者承担的违约金",
        "penalty_note": "除依法可以约定的情形外，不得约定由劳动者承担违约金。",
        "employer_signed_on": "2026年1月1日",
        "worker_signed_on": "2026年1月1日",
    },
    needed=frozenset({"number", "draft_note", "employer", "worker", "term", "probation", "clauses"}),
)
"""Every content that the parties agreed has to be printed, and that a draft binds nobody."""


async def contract_values(tx: Transaction, contract_id: UUID) -> dict[str, Any]:
    """The values of a contract's form, under the pack version by which it was checked.

    Raises `NotFound` outside the scope; for a person, where it is another's or the employer has not signed.
    """
    contract = contract_queries.view(await contract_queries.get(tx, contract_id))
    if tx.context.actor.kind == "person" and contract.state == "draft":
        raise NotFound
    pack = await org.pack_version(tx, contract.pack_id, contract.pack_version)
    return rules.values(pack, _agreed(contract), await parties(tx, contract.dossier_id, contract.employer_unit_id))


async def parties(tx: Transaction, dossier_id: UUID, employer_unit_id: UUID) -> rules.Parties:
    """Worker and employer as a form names them."""
    dossier = await dossier_queries.read(tx, dossier_id)
    identity = await dossier_actions.identity(tx, dossier_id)
    employer = await org.unit(tx, employer_unit_id)
    community = await org.unit(tx, dossier.community_unit_id)
    return rules.Parties(
        employer=employer.title,
        worker=dossier.full_name,
        id_number=identity.id_number,
        phone=identity.phone,
        post_title=dossier.post_title,
        community=community.title,
        category=dossier.category,
    )


def _agreed(contract: ContractView) -> rules.Contract:
    penalty = contract.penalty
    return rules.Contract(
        number=str(contract.id),
        state=contract.state,
        relation=contract.relation,
        valid_from=contract.term.valid_from,
        valid_before=contract.term.valid_before,
        probation_months=contract.probation_months,
        probation_before=contract.probation_before,
        contents=contract.contents,
        penalty=(all_labels((GROUNDS,))[GROUNDS][penalty.ground]["zh"], str(penalty.amount)) if penalty else None,
        employer_signed_on=_day(contract.employer_signed_at),
        worker_signed_on=_day(contract.worker_signed_at),
    )


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else local_date(instant)
