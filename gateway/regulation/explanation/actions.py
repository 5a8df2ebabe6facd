"""Answering questions on rules; nothing is stored."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from gateway.regulation.explanation.schemas import (
    ExplainBody,
    ExplanationView,
    FactView,
    GroupView,
    Question,
    RuleView,
    WhatIfBody,
    WhatIfView,
)
from gateway.regulation.promulgation import queries as promulgation
from gateway.regulation.schemas import FindingView
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.interpretations import interpretations
from kernel.org import queries as org
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack


async def explain(tx: Transaction, body: ExplainBody) -> ExplanationView:
    """The findings of a group on given facts, under the version in force or the one named."""
    return await _answer(tx, await _pack(tx, body, body.pack_version), body)


async def what_if(tx: Transaction, body: WhatIfBody) -> WhatIfView:
    """The same question asked twice: as it is, and with other facts or under another version."""
    before = await _pack(tx, body, body.pack_version)
    after = await _pack(tx, body, body.other_version) if body.other_version else before
    return await _compare(tx, body, before, after, {**body.facts, **body.changed_facts})


async def under_draft(tx: Transaction, draft_id: UUID, body: Question) -> WhatIfView:
    """The same question under the version in force and under a draft."""
    draft = Pack.from_json((await promulgation.draft(tx, draft_id)).content)
    return await _compare(tx, body, await _pack(tx, body, None), draft, body.facts)


async def group(tx: Transaction, name: str) -> GroupView:
    """The rules of a group and the facts they read; `NotFound` where the regulation in force has none."""
    pack = await org.pack(tx)
    rules = [pack.compiled(each) for each in pack.rules_of(name)]
    if not rules:
        raise NotFound
    read = sorted(pack.facts_of(name))
    return GroupView(
        group=name,
        rules=[
            RuleView(
                rule=each.id,
                kind=each.rule.kind,
                article=each.rule.article,
                words=each.rule.words,
                message=each.rule.message.model_dump(),
                facts=sorted(each.facts),
            )
            for each in rules
        ],
        facts=[
            FactView(
                name=fact,
                kind=pack.document.facts[fact].kind,
                label=pack.document.facts[fact].label.model_dump(),
                values={code: label.model_dump() for code, label in pack.document.facts[fact].values.items()},
            )
            for fact in read
        ],
    )


async def _pack(tx: Transaction, body: Question, version: str | None) -> Pack:
    if version is not None:
        return await org.pack_version(tx, (await org.pack(tx, body.on)).id, version)
    unit = await org.unit(tx, body.unit_id) if body.unit_id else None
    return await org.pack(tx, body.on, unit_no=unit.unit_no if unit else None)


async def _answer(tx: Transaction, pack: Pack, body: Question) -> ExplanationView:
    return await _shown(tx, pack, _findings(pack, body, body.facts, body.on or tx.today), body.on or tx.today)


async def _compare(
    tx: Transaction, body: Question, before: Pack, after: Pack, changed_facts: Mapping[str, object]
) -> WhatIfView:
    day = body.on or tx.today
    was, now = _findings(before, body, body.facts, day), _findings(after, body, changed_facts, day)
    said = [{each.rule: (each.outcome, each.value) for each in found} for found in (was, now)]
    return WhatIfView(
        before=await _shown(tx, before, was, day),
        after=await _shown(tx, after, now, day),
        changed=sorted(rule for rule in said[0].keys() | said[1].keys() if said[0].get(rule) != said[1].get(rule)),
    )


def _findings(pack: Pack, body: Question, facts: Mapping[str, object], day: date) -> list[Finding]:
    if not pack.rules_of(body.group):
        raise NotFound
    return pack.evaluate_group(body.group, facts, body.determinations, on=day)


async def _shown(tx: Transaction, pack: Pack, found: list[Finding], day: date) -> ExplanationView:
    return ExplanationView(
        pack_id=pack.id,
        pack_version=pack.version,
        findings=[FindingView(**each.as_json()) for each in found],
        interpretations=await interpretations(tx, [each.article for each in found], day),
    )
