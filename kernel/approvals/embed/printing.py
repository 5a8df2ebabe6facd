"""The printable form of a case (审批表): subject, articles, facts, decisions and files (A5).

A print leaves the system: names of officials stand in no service, so posts are printed and the sheet is signed; what
looks like personal data in words that people wrote is masked, and files are named by type and checksum alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from kernel.approvals.acts import ACTION_LABELS, STATE_LABELS
from kernel.approvals.embed import attaching, queries
from kernel.approvals.embed.tables import ApprovalRecord, ApprovalSigner, ApprovalStep
from kernel.clock import SHANGHAI, local_date
from kernel.db.transaction import Transaction
from kernel.documents import DocumentKind
from kernel.errors import Text
from kernel.events.outbox import audit
from kernel.http.labels import all_labels
from kernel.org import queries as org
from kernel.org.tables import OrgPost
from kernel.privacy.masking import mask_bank_account, mask_id_number, mask_phone
from kernel.regulation.pack import Pack

FACTS = "approval.fact"
"""Labels of facts: each feature publishes those of its cases as `approval.fact.<workflow>`."""
FORM = DocumentKind(
    "approval_form",
    Text("审批表", "Approval form"),
    Path(__file__).parent / "templates" / "approval_form.docx",
    sample={
        "title": "样例审批表",
        "number": "00000000-0000-0000-0000-000000000000",
        "workflow": "样例",
        "state": "已通过",
        "subject_unit": "样例旗",
        "submitter": "样例旗党委社会工作部门经办",
        "opened_on": "2026年1月5日",
        "decided_on": "2026年1月8日",
        "basis": "《样例办法》",
        "pack_version": "1",
        "facts": [{"label": "人数", "value": "3"}],
        "steps": [{"label": "审核", "office": "样例盟党委社会工作部门", "article": "X-1", "state": "已办"}],
        "records": [{"at": "2026年1月8日 09:00", "who": "样例岗位", "what": "审核 同意", "words": "同意"}],
        "files": [{"number": "1", "kind": "PDF", "size": "12", "sha256": "0" * 64}],
        "printed_at": "2026年1月9日 09:00",
    },
    needed=frozenset({"number", "records"}),
)
DUTIES = {"handler": "经办", "approver": "审批", "viewer": "查阅"}
STEP_STATES = {"waiting": "未到", "open": "办理中", "done": "已办", "skipped": "未办"}
SIGNER_STATES = {"waiting": "未到", "open": "未签", "signed": "已签", "refused": "不同意"}
OTHERS = {"person": "本人", "public": "公众", "client": "应用", "system": "系统"}
KINDS = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
}
_MASKED = (
    (re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])"), mask_id_number),
    (re.compile(r"(?<![0-9A-Za-z])\d{16,19}(?![0-9A-Za-z])"), mask_bank_account),
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"), mask_phone),
)


async def values(tx: Transaction, case_id: UUID) -> dict[str, Any]:
    """The values of the form under the pack version of the case; the print is audited. `NotFound` outside the scope."""
    held = await queries.load(tx, case_id)
    row = held.row
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    written = pack.workflow(row.workflow)
    labels = {step.id: step.label.zh for step in written.steps} if written else {}
    records = await queries.records(tx, case_id)
    posts = await queries.posts_of(tx, {each.post_id for each in records})
    subject, offices = await org.unit(tx, row.subject_unit_id), await _offices(tx, held, pack)
    titles = await _titles(tx, posts.values())
    people = [_who(each, posts, titles, pack) for each in records]
    files = await attaching.listed(tx, case_id)
    await audit(tx, f"{tx.process}.approval.print", subject_type=attaching.SUBJECT, subject_id=case_id)
    title = written.label.zh if written else row.workflow
    return {
        "title": f"{title}审批表",
        "number": str(row.id),
        "workflow": title,
        "state": STATE_LABELS[row.state][0],
        "subject_unit": subject.title,
        "submitter": people[0],
        "opened_on": _day(local_date(row.opened_at)),
        "decided_on": _day(local_date(row.decided_at)) if row.decided_at else "",
        "basis": _basis(pack, written.article if written else None),
        "pack_version": row.pack_version,
        "facts": _facts(row.workflow, row.facts, pack),
        "steps": [
            {
                "label": labels.get(step.id, step.id),
                "office": offices[position],
                "article": step.definition.article or "",
                "state": STEP_STATES[step.state],
            }
            for position, step in enumerate(held.case.steps)
        ],
        "records": [
            {
                "at": _minute(each.acted_at),
                "who": who,
                "what": " ".join(
                    filter(None, (labels.get(each.step or "", ""), ACTION_LABELS[each.action][0], each.article))
                ),
                "words": masked("；".join(filter(None, (each.comment, *_details(each.details, labels, pack))))),
            }
            for each, who in zip(records, people, strict=True)
        ],
        "files": [
            {
                "number": str(place),
                "kind": KINDS[each.media_type],
                "size": str(-(-each.size // 1024)),
                "sha256": each.sha256,
            }
            for place, each in enumerate(files.items, start=1)
        ],
        "printed_at": _minute(tx.now),
    }


def masked(words: str) -> str:
    """The words with what has the form of an ID, bank or telephone number masked."""
    for form, mask in _MASKED:
        words = form.sub(partial(_hidden, mask), words)
    return words


def _hidden(mask: Callable[[str], str], found: re.Match[str]) -> str:
    return mask(found.group())


async def _offices(tx: Transaction, held: queries.Held, pack: Pack) -> list[str]:
    """Who acts at each step, with the signers and where their signature stands."""
    units = {each.acting_unit_id for each in held.steps} | {each.acting_unit_id for each in held.signers}
    titles: dict[UUID | None, str] = {each: (await org.unit(tx, each)).title for each in units if each is not None}

    def office(seated: ApprovalStep | ApprovalSigner) -> str:
        return titles.get(seated.acting_unit_id, "") + pack.department_name(seated.department)

    found = []
    for stored in held.steps:
        signers = [
            f"{office(each)}（{SIGNER_STATES[each.state]}）"
            for each in held.signers
            if each.position == stored.position and each.state != "removed"
        ]
        # Of a countersign the lead is a signer itself.
        lead = [] if stored.kind == "countersign" else [office(stored)]
        found.append("、".join(lead + signers))
    return found


async def _titles(tx: Transaction, posts: Iterable[OrgPost]) -> dict[UUID, str]:
    return {each.unit_id: (await org.unit(tx, each.unit_id)).title for each in posts}


def _who(record: ApprovalRecord, posts: Mapping[UUID, OrgPost], titles: Mapping[UUID, str], pack: Pack) -> str:
    """The post in which somebody acted, with the end of the account's number, and for whom."""
    if record.actor_kind != "official" or record.actor_department is None:
        return OTHERS.get(record.actor_kind, "")
    post = posts.get(record.post_id) if record.post_id else None
    place = titles[post.unit_id] if post else ""
    duty = DUTIES.get(record.actor_duty or "", "")
    office = f"{place}{pack.department_name(record.actor_department, local_date(record.acted_at))}{duty}"
    account = f"（账号…{str(record.user_id)[-6:]}"
    if record.on_behalf_of is None:
        return f"{office}{account}）"
    return f"{office}{account}，代…{str(post.user_id)[-6:]}）" if post else f"{office}{account}，代理）"


def _details(details: Mapping[str, Any], labels: Mapping[str, str], pack: Pack) -> Iterable[str]:
    """What an action brought with it beside its comment."""
    if details.get("to"):
        yield f"退回至：{labels.get(details['to'], details['to'])}"
    yield from (f"更正：{each['pointer']} {each['message']}" for each in details.get("marks") or ())
    yield from (f"核定：{name} = {number}" for name, number in (details.get("figures") or {}).items())
    if details.get("met") is not None:
        yield "认定：成立" if details["met"] else "认定：不成立"
    if details.get("office"):
        yield pack.department_name(details["office"]["department"])


def _facts(workflow: str, facts: Mapping[str, Any], pack: Pack) -> list[dict[str, str]]:
    """The facts with the labels that the feature gives them, else the pack's, else as they are called."""
    own = all_labels((f"{FACTS}.{workflow}",)).get(f"{FACTS}.{workflow}", {})
    labels = {path: figure.label.zh for path, figure in pack.document.parameters.items()}
    labels |= {name: fact.label.zh for name, fact in pack.document.facts.items()}
    labels |= {name: text["zh"] for name, text in own.items()}
    return [{"label": labels.get(name, name), "value": masked(_text(value))} for name, value in facts.items()]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case dict():
            return value["zh"] if "zh" in value else "；".join(f"{name}：{_text(each)}" for name, each in value.items())
        case list():
            # Rows of a table stand below each other.
            return ("\n" if any(isinstance(each, dict) for each in value) else "、").join(map(_text, value))
        case None:
            return ""
        case _:
            return str(value)


def _basis(pack: Pack, article: str | None) -> str:
    title = f"《{pack.document.pack.title.zh}》"
    return f"{title} {article}" if article else title


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _minute(instant: datetime) -> str:
    return f"{_day(local_date(instant))} {instant.astimezone(SHANGHAI):%H:%M}"
