"""Histories in roster: dossier, posts, contracts, duty, ranks, yearly grades, leave, training told of, and leaving."""

from datetime import date, timedelta
from random import Random

from deploy.cli.generation.assessing import Graded
from deploy.cli.generation.ground import json
from deploy.cli.generation.learning import Need
from deploy.cli.generation.lines import Ids, Lines, instant, period
from deploy.cli.generation.secrets import Vault
from deploy.cli.generation.workers import DECIDED, Community, Setting, Worker
from kernel.privacy.cipher import DataKey

COLUMNS = {
    "k_person_key": ("person_id", "key_version", "wrapped"),
    "roster_dossier": (
        "id", "unit_no", "person_id", "full_name", "id_number", "id_number_index", "phone", "category", "post_title",
        "community_unit_id", "employer_unit_id", "payer_unit_id", "manager_unit_id", "user_unit_id", "application_id",
        "enrolled_on", "on_duty_from", "left_on", "pack_id", "pack_version", "version",
    ),
    "roster_background": (
        "dossier_id", "unit_no", "person_id", "education_code", "graduated_on", "political_status", "party_since",
    ),
    "roster_certificate": ("id", "dossier_id", "unit_no", "person_id", "kind", "number", "issued_on"),
    "roster_post": (
        "id", "dossier_id", "unit_no", "person_id", "community_unit_id", "community_unit_no", "category", "relation",
        "role", "title", "origin", "period", "term_from", "term_before", "left_ground",
    ),
    "roster_contract": (
        "id", "dossier_id", "unit_no", "person_id", "employer_unit_id", "employer_unit_no", "relation", "term_kind",
        "period", "probation_months", "probation_before", "contents", "state", "employer_signed_at",
        "employer_signed_by", "worker_signed_at", "pack_id", "pack_version", "version",
    ),
    "roster_duty": ("id", "dossier_id", "unit_no", "person_id", "contract_id", "category", "period", "version"),
    "roster_ladder": ("id", "name", "title", "source", "sample", "grades", "valid_from", "pack_id", "pack_version"),
    "roster_rank": (
        "id", "dossier_id", "unit_no", "person_id", "ladder_id", "grade", "ground", "findings", "reason", "period",
    ),
    "roster_result": (
        "dossier_id", "year", "unit_no", "person_id", "grade", "failing", "outstanding", "confirmed_on",
    ),
    "roster_leave": (
        "id", "dossier_id", "unit_no", "person_id", "kind", "valid_from", "valid_before", "unit", "days",
        "days_by_year", "supplements", "state", "asked_at", "decided_on", "returned_on", "pack_id", "pack_version",
        "version",
    ),
    "roster_training_need": (
        "id", "unit_no", "person_id", "kind", "cycle", "required_hours", "credited_hours", "met_on",
    ),
    "roster_resignation": (
        "id", "dossier_id", "unit_no", "person_id", "relation", "notice", "given_on", "last_day", "findings", "state",
        "pack_id", "pack_version", "version",
    ),
    "roster_ending": (
        "id", "dossier_id", "unit_no", "person_id", "matter_id", "ground", "ends_before", "state", "version",
    ),
}  # fmt: skip
ID_NUMBER, PHONE = "roster_dossier.id_number", "roster_dossier.phone"
NOTICE = "roster_resignation.notice"
CONTRACT_YEARS, PROBATION_MONTHS = 3, 6
_CONTENTS = '{"term":"见合同期限条款。","duties":"协助做好社区公共服务、公共管理、公共安全等工作。"}'


async def served(
    lines: Lines,
    setting: Setting,
    community: Community,
    worker: Worker,
    key: DataKey,
    vault: Vault,
    graded: list[Graded],
    needs: list[Need],
    chance: Random,
    contract: str,
) -> None:
    """Everything of one worker."""
    ids, ground, unit = Ids(chance), setting.ground, community.unit
    # What most tables of roster begin with behind their id.
    whose = (worker.dossier, unit.no, worker.person)
    lines.add("k_person_key", worker.person, 1, await vault.wrapped(key, worker.person))
    parties = (community.above.get(ground.parties.get(party, "")) for party in ("employer", "payer", "manager", "user"))
    lines.add(
        "roster_dossier", worker.dossier, unit.no, worker.person, worker.human.name,
        vault.closed(key, ID_NUMBER, worker.dossier, worker.human.number), vault.index(worker.human.number),
        vault.closed(key, PHONE, worker.dossier, worker.human.phone), worker.role.category, worker.role.title, unit.id,
        *(each and each.id for each in parties), worker.applied and worker.applied.id, enrolled(worker),
        worker.since, worker.before, *ground.pack, 3,
    )  # fmt: skip
    born = worker.human.born
    member = worker.lot % 4 == 0
    lines.add(
        "roster_background", *whose, "21" if worker.lot % 2 else "31", date(born.year + 22, 7, 1),
        "01" if member else "13", date(born.year + 21, 7, 1) if member else None,
    )  # fmt: skip
    if worker.lot % 3 == 0:
        lines.add(
            "roster_certificate", ids.at(worker.since), *whose, "assistant_social_worker", f"SW{worker.human.phone}",
            worker.since,
        )  # fmt: skip
    term = (worker.since, worker.since.replace(year=worker.since.year + 5)) if worker.elected else (None, None)
    lines.add(
        "roster_post", ids.at(worker.since), *whose, unit.id, unit.no, worker.role.category, worker.role.relation,
        worker.role.code, worker.role.title, "election" if worker.elected else "hire" if worker.applied else "history",
        period(worker.since, worker.before), *term, "resignation" if worker.before else None,
    )  # fmt: skip
    if not worker.elected:
        _employed(lines, setting, community, worker, ids, contract)
    _ranked(lines, setting, worker, whose, ids)
    for each in graded:
        lines.add(
            "roster_result", worker.dossier, each.year, *whose[1:], each.grade.code, each.grade.failing,
            each.grade.outstanding, each.confirmed_on,
        )  # fmt: skip
    for need in needs:
        lines.add(
            "roster_training_need", need.id, *whose[1:], need.kind, need.cycle, need.required, need.credited,
            need.met_on,
        )  # fmt: skip
    _on_leave(lines, setting, worker, whose, ids, chance)
    if worker.before:
        _left(lines, setting, worker, whose, ids, vault, key, worker.before)


def enrolled(worker: Worker) -> date:
    """The day on which the dossier was opened."""
    return date(worker.applied.year, *DECIDED) if worker.applied else worker.since


def frame(lines: Lines, setting: Setting) -> None:
    """The ladder of ranks, where the regulation has a sample of one."""
    ladder = setting.ground.ladder
    if ladder is not None:
        lines.add(
            "roster_ladder", setting.named("ladder"), ladder["id"], json(ladder["title"]), json(ladder["source"]), True,
            json(ladder["grades"]), ladder["valid_from"], *setting.ground.pack,
        )  # fmt: skip


def _employed(lines: Lines, setting: Setting, community: Community, worker: Worker, ids: Ids, contract: str) -> None:
    ground, unit, since = setting.ground, community.unit, worker.since
    whose = (worker.dossier, unit.no, worker.person)
    employer = community.above[ground.parties["employer"]]
    signer = employer.official[0] if employer.official else None
    begins, first = since, True
    while begins <= setting.until and (worker.before is None or begins < worker.before):
        ends = begins.replace(year=begins.year + CONTRACT_YEARS)
        lines.add(
            "roster_contract", contract if first else ids.at(begins), *whose, employer.id, employer.no,
            worker.role.relation, "fixed", period(begins, min(ends, worker.before or ends)),
            PROBATION_MONTHS if first else 0, probation_before(since) if first else None, _CONTENTS, "in_force",
            instant(begins), signer, instant(begins, 10), *ground.pack, 4,
        )  # fmt: skip
        begins, first = ends, False
    lines.add("roster_duty", ids.at(since), *whose, contract, worker.role.category, period(since, worker.before), 1)


def probation_before(since: date) -> date:
    """The first day behind the probation."""
    month = since.month + PROBATION_MONTHS
    return date(since.year + (month - 1) // 12, (month - 1) % 12 + 1, since.day)


def _ranked(lines: Lines, setting: Setting, worker: Worker, whose: tuple[object, ...], ids: Ids) -> None:
    ladder = setting.ground.ladder
    if ladder is None:
        return
    grades = [each for each in ladder["grades"] if not each["outstanding"]]
    starts = [worker.since.replace(year=worker.since.year + each["service_years"]) for each in grades]
    end = worker.before or setting.until + timedelta(1)
    reached = [(each["grade"], start) for each, start in zip(grades, starts, strict=True) if start < end]
    for place, (grade, start) in enumerate(reached):
        until = reached[place + 1][1] if place + 1 < len(reached) else worker.before
        lines.add(
            "roster_rank", ids.at(start), *whose, setting.named("ladder"), grade, "promoted" if place else "placed",
            "[]", "按序列晋升" if place else "首次定级", period(start, until),
        )  # fmt: skip


def _on_leave(
    lines: Lines, setting: Setting, worker: Worker, whose: tuple[object, ...], ids: Ids, chance: Random
) -> None:
    # July and August hold no statutory holiday, so five working days are one week.
    for year in range(worker.since.year + 1, setting.last_year + 1):
        if (worker.lot + year) % 5 < 2:
            continue
        summer = date(year, 7, 1)
        first = summer + timedelta(days=(7 - summer.weekday()) % 7 + 7 * chance.randrange(7))
        before = first + timedelta(days=5)
        if worker.before and before > worker.before:
            continue
        asked = first - timedelta(days=10)
        lines.add(
            "roster_leave", ids.at(asked), *whose, "annual", first, before, "working", 5, f'{{"{year}":5}}', "{}",
            "returned", instant(asked), asked, before, *setting.ground.pack, 3,
        )  # fmt: skip


def _left(
    lines: Lines,
    setting: Setting,
    worker: Worker,
    whose: tuple[object, ...],
    ids: Ids,
    vault: Vault,
    key: DataKey,
    before: date,
) -> None:
    given, last = before - timedelta(days=31), before - timedelta(days=1)
    resignation = ids.at(given)
    lines.add(
        "roster_resignation", resignation, *whose, worker.role.relation,
        vault.closed(key, NOTICE, resignation, "因个人原因提出辞职。"), given, last, "[]", "given",
        *setting.ground.pack, 1,
    )  # fmt: skip
    lines.add("roster_ending", ids.at(given), *whose, resignation, "resignation", before, "done", 2)
