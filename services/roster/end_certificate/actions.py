"""Gathering what the certificate of a contract's end says (LCL-50)."""

from pathlib import Path
from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.documents import DocumentKind
from kernel.errors import Text
from kernel.org import queries as org
from kernel.regulation.national.compensation import EMPLOYMENT, TRANSFER
from services.roster.contract import queries as contract_queries
from services.roster.end_certificate import rules
from services.roster.ending import queries as ending_queries
from services.roster.printing import actions as printing_actions
from services.roster.tenure import actions as tenure_actions

END_OF_CONTRACT = DocumentKind(
    "end_of_contract",
    Text("解除、终止劳动合同证明书", "Certificate of the end of a labour contract"),
    Path(__file__).parent / "templates" / "end_of_contract.docx",
    sample={
        "kind": "终止",
        "number": "00000000-0000-0000-0000-000000000000",
        "employer": "样例街道",
        "worker": "样例人员",
        "id_number": "990101********0010",
        "post_title": "社区专职工作人员",
        "term": "固定期限，自2026年1月1日起至2028年12月31日止",
        "ended_on": "2028年12月31日",
        "worked": "自2026年1月1日起至2028年12月31日止，共3年",
        "transfer_within": "15",
        "article": "X-1",
        "words": "样例条文",
        "printed_on": "2028年12月31日",
    },
    needed=frozenset({"kind", "employer", "worker", "post_title", "term", "ended_on", "worked"}),
)
"""What the statute wants in it."""


async def end_values(tx: Transaction, contract_id: UUID) -> dict[str, Any]:
    """The values of the certificate of a contract's end (LCL-50), under the regulation of today.

    Raises `NotFound` outside the scope and for another person's, `WrongState` where no employment has ended with it.
    """
    row = await contract_queries.get(tx, contract_id)
    assert row.period.lower is not None  # noqa: S101 - a term has a first day
    pack, before = await org.pack(tx), row.period.upper
    within = pack.parameter(TRANSFER, tx.today)
    relation = pack.document.relations[row.relation]
    contract = rules.Ended(
        number=str(row.id),
        signed=row.state == "in_force",
        employment=relation.removal == EMPLOYMENT,
        followed=before is not None and await contract_queries.followed(tx, row),
        open_ended=row.term_kind == "open_ended",
        valid_from=row.period.lower,
        before=before,
        agreed_before=row.agreed_before,
        ground=await ending_queries.ground_on(tx, row.dossier_id, before) if before is not None else None,
        worked_from=await tenure_actions.worked_from(tx, pack, row),
    )
    rules.check(contract, tx.today, within.article)
    parties = await printing_actions.parties(tx, row.dossier_id, row.employer_unit_id)
    return rules.values(contract, parties, within, tx.today)
