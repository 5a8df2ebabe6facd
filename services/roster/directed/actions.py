"""Computing who qualifies for directed recruitment, and recording what humans determine (NM-31, NM-32, SH-18)."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.regulation.evaluation import Determination
from services.roster.appointment import actions as appointment_actions
from services.roster.appointment import queries as appointment_queries
from services.roster.directed import queries, rules
from services.roster.directed.schemas import CandidateView, DeterminationView, Determined, DirectedKind
from services.roster.directed.tables import DirectedDetermination
from services.roster.dossier import queries as dossier_queries
from services.roster.rank import queries as rank_queries


async def candidates(
    tx: Transaction, paging: Paging, *, kind: DirectedKind, on: date | None, everybody: bool
) -> Page[CandidateView]:
    """Those of the scope who meet every condition on a day (today); with `everybody`, the others with their proof.

    Walks those who hold a post that day (secretaries for the secretaries' kind), so a page may show fewer than its
    limit and still have a next one. Raises `NotRegulated` for a kind that the regulation does not know.
    """
    pack = await org.pack(tx)
    rules.check_regulated(pack, kind)
    day = on or tx.today
    role = rules.SECRETARY if kind == "secretary_to_institution" else None
    pool = await appointment_queries.holders(tx, day, role, paging.after, paging.limit + 1)
    cut, following = paging.page(pool, lambda each: (each[0], str(each[1])))
    ids = [dossier_id for _, dossier_id in cut]
    last = await rank_queries.last_results(tx, ids, day)
    determined: dict[UUID, dict[str, Determination]] = {}
    for each in await queries.of_dossiers(tx, ids):
        determined.setdefault(each.dossier_id, {})[each.rule] = each.outcome
    items = []
    for dossier_id in ids:
        years = await appointment_actions.service_years(tx, dossier_id, day)
        result = last.get(dossier_id)
        known = rules.Known(
            service_years=years.cumulative_years,
            continuous_years=years.current_continuous_years,
            serving_secretary=any(
                post.role == rules.SECRETARY
                and post.valid_from <= day
                and (post.valid_before is None or day < post.valid_before)
                for post in years.posts
            ),
            full_secretary_terms=years.full_terms.get(rules.SECRETARY, 0),
            last_grade_outstanding=result is not None and result.outstanding,
        )
        found = rules.findings(pack, kind, known, determined.get(dossier_id, {}), day)
        standing = rules.standing(found)
        preferences = rules.preferences(pack, kind, determined.get(dossier_id, {}), day)
        if everybody or standing == "met":
            dossier = await dossier_queries.get(tx, dossier_id)
            items.append(
                CandidateView(
                    dossier_id=dossier_id,
                    unit_no=dossier.unit_no,
                    full_name=dossier.full_name,
                    post_title=dossier.post_title,
                    community_unit_id=dossier.community_unit_id,
                    kind=kind,
                    on=day,
                    standing=standing,
                    findings=[each.as_json() for each in found],
                    preferred=any(each.passes for each in preferences),
                    preferences=[each.as_json() for each in preferences],
                )
            )
    return Page[CandidateView](items=items, next=following)


async def determine(tx: Transaction, dossier_id: UUID, body: Determined) -> DeterminationView:
    """Record what a named official determines on a condition that facts leave open; it never overrules a clear one."""
    dossier = await dossier_queries.get(tx, dossier_id)
    article = rules.check_open(await org.pack(tx), body.rule)
    view = await queries.keep(
        tx,
        DirectedDetermination(
            tenant_id=tx.tenant,
            id=new_id(),
            dossier_id=dossier.id,
            unit_no=dossier.unit_no,
            rule=body.rule,
            outcome=body.outcome,
            reason=body.reason,
            determined_by=tx.context.actor.user,
            determined_at=tx.now,
        ),
    )
    facts = {"rule": body.rule, "article": article, "outcome": body.outcome}
    await audit(
        tx, "roster.directed.determine", subject_type="dossier", subject_id=dossier_id, reason=body.reason, facts=facts
    )
    return view
