"""Histories in recruitment: a year's plan and notice, who applied, who was hired, and the case that decided it."""

from datetime import date

from deploy.cli.generation.ground import PUBLICITY, json
from deploy.cli.generation.lines import Ids, Lines, instant
from deploy.cli.generation.secrets import Vault
from deploy.cli.generation.workers import DECIDED, Applicant, Applied, Community, Setting, Unit, Worker, sought
from kernel.privacy.cipher import DataKey
from kernel.privacy.masking import mask_name

COLUMNS = {
    "k_person_key": ("person_id", "key_version", "wrapped"),
    "recruitment_plan": (
        "id", "unit_no", "unit_id", "level", "title", "state", "publicity_days", "publicity_unit",
        "relaxed_education_codes", "pack_id", "pack_version", "round", "seats", "findings", "drafted_at",
        "drafted_by_post", "version",
    ),
    "recruitment_notice": (
        "id", "unit_no", "unit_id", "plan_id", "title", "revision", "opens_at", "closes_at", "published_at", "pack_id",
        "pack_version", "version",
    ),
    "recruitment_notice_revision": (
        "notice_id", "number", "unit_no", "title", "conditions", "materials", "opens_at", "closes_at",
        "age_reference_date", "published_at", "published_by_post",
    ),
    "recruitment_plan_item": (
        "id", "plan_id", "unit_no", "community_unit_id", "community_unit_no", "community_title", "category",
        "post_title", "posts",
    ),
    "recruitment_notice_item": (
        "id", "notice_id", "plan_id", "plan_item_id", "unit_no", "community_unit_id", "community_title", "category",
        "post_title", "posts", "filled", "organiser_unit_no", "age_reference_date", "relaxed_education_codes",
        "publicity_days", "publicity_unit", "pack_id", "pack_version", "published_at",
    ),
    "recruitment_application": (
        "id", "unit_no", "person_id", "notice_id", "item_id", "state", "name", "id_number", "id_number_index", "phone",
        "education_code", "declarations", "submitted_at", "version",
    ),
    "recruitment_conclusion": (
        "application_id", "unit_no", "person_id", "outcome", "findings", "pack_id", "pack_version", "user_id",
        "post_id", "concluded_at",
    ),
    "recruitment_stage_result": (
        "application_id", "step", "unit_no", "outcome", "article", "reason", "evidence", "user_id", "post_id",
        "held_at",
    ),
    "recruitment_hire": (
        "id", "unit_no", "person_id", "application_id", "notice_id", "item_id", "state", "masked_name",
        "community_title", "post_title", "case_id", "proposed_at", "proposed_by_post", "decided_on", "version",
    ),
    "k_approval_case": (
        "id", "unit_no", "person_id", "workflow", "definition", "pack_id", "pack_version", "facts", "subject_type",
        "subject_id", "subject_unit_id", "state", "submitter_user", "submitter_unit_id", "submitter_department",
        "submitter_level", "submitters", "version", "opened_at", "decided_at",
    ),
    "k_approval_step": (
        "case_id", "position", "unit_no", "person_id", "step", "kind", "department", "level", "acting_unit_id", "state",
        "round", "ends_on", "objections",
    ),
    "k_approval_record": (
        "case_id", "number", "unit_no", "person_id", "action", "step", "state", "actor_kind", "user_id", "post_id",
        "actor_unit_no", "actor_department", "actor_level", "actor_duty", "acted_at",
    ),
}  # fmt: skip
ID_NUMBER, PHONE = "recruitment_application.id_number", "recruitment_application.phone"
_DECLARED = json(
    {
        "citizen": True,
        "identities": [],
        "criminal_penalty": False,
        "criminal_case_open": False,
        "joint_punishment_listed": False,
    }
)
_MATERIALS = json([{"kind": "identity_card", "title": "身份证件", "required": True}])


def frame(lines: Lines, setting: Setting, organiser: Unit) -> None:
    """The plan and the notice of each year of one unit that recruits."""
    ground, no = setting.ground, organiser.no
    _, post = organiser.official or (None, None)
    for year in setting.years:
        plan, notice = setting.named("plan", no, year), setting.named("notice", no, year)
        title = f"{organiser.title}{year}年公开招聘{ground.staff.title}"
        opens, closes = instant(date(year, 3, 1)), instant(date(year, 3, 20), 18)
        lines.add(
            "recruitment_plan", plan, no, organiser.id, ground.organiser, f"{title}方案", "approved",
            *PUBLICITY.values(), "[]", *ground.pack, 1, "held", "[]", instant(date(year, 2, 10)), post, 4,
        )  # fmt: skip
        lines.add(
            "recruitment_notice", notice, no, organiser.id, plan, f"{title}公告", 1, opens, closes, opens,
            *ground.pack, 1,
        )  # fmt: skip
        lines.add(
            "recruitment_notice_revision", notice, 1, no, f"{title}公告", "符合管理办法规定的基本条件。", _MATERIALS,
            opens, closes, date(year, 3, 1), opens, post,
        )  # fmt: skip


def items(lines: Lines, setting: Setting, community: Community) -> None:
    """What each year's plan and notice ask for in one community."""
    ground, unit = setting.ground, community.unit
    organiser = community.above[ground.organiser]
    for year, posts in sought(setting, community).items():
        plan, notice = setting.named("plan", organiser.no, year), setting.named("notice", organiser.no, year)
        asked, offered = setting.named("asked", unit.no, year), setting.named("offered", unit.no, year)
        where = (unit.title, ground.staff.category, ground.staff.title, posts)
        lines.add("recruitment_plan_item", asked, plan, organiser.no, unit.id, unit.no, *where)
        lines.add(
            "recruitment_notice_item", offered, notice, plan, asked, unit.no, unit.id, *where, posts, organiser.no,
            date(year, 3, 1), "[]", *PUBLICITY.values(), *ground.pack, instant(date(year, 3, 1)),
        )  # fmt: skip


async def application(
    lines: Lines,
    setting: Setting,
    community: Community,
    who: Worker | Applicant,
    applied: Applied,
    key: DataKey,
    vault: Vault,
) -> None:
    """The application of somebody, hired or not, and how far it came."""
    year, no, human = applied.year, community.unit.no, who.human
    ground = setting.ground
    organiser = community.above[ground.organiser]
    user, post = organiser.official or (None, None)
    hired, id_ = isinstance(who, Worker), applied.id
    lines.add("k_person_key", who.person, 1, await vault.wrapped(key, who.person))
    lines.add(
        "recruitment_application", id_, no, who.person, setting.named("notice", organiser.no, year),
        setting.named("offered", no, year), "hired" if hired else "failed", human.name,
        vault.closed(key, ID_NUMBER, id_, human.number), vault.index(human.number),
        vault.closed(key, PHONE, id_, human.phone), "31", _DECLARED, instant(date(year, 3, 6)), 6,
    )  # fmt: skip
    lines.add(
        "recruitment_conclusion", id_, no, who.person, "qualified", "[]", *ground.pack, user, post,
        instant(date(year, 3, 24)),
    )  # fmt: skip
    for place, (step, article) in enumerate(ground.stages):
        passed = hired or place < len(ground.stages) - 1
        lines.add(
            "recruitment_stage_result", id_, step, no, "passed" if passed else "failed", article,
            None if passed else "未达到要求", f"第{place + 1}环节结果表", user, post,
            instant(date(year, 3, 26 + place)),
        )  # fmt: skip


def hired(lines: Lines, setting: Setting, community: Community, worker: Worker, applied: Applied, ids: Ids) -> None:
    """The hire of a worker with its case, publicised and approved."""
    year, no, ground = applied.year, community.unit.no, setting.ground
    organiser = community.above[ground.organiser]
    user, post = organiser.official or (None, None)
    proposed, decided = date(year, 4, 8), date(year, *DECIDED)
    hire, case = ids.at(proposed), ids.at(proposed)
    lines.add(
        "recruitment_hire", hire, no, worker.person, applied.id, setting.named("notice", organiser.no, year),
        setting.named("offered", no, year), "approved", mask_name(worker.human.name), community.unit.title,
        worker.role.title, case if ground.hire_steps else None, instant(proposed), post, decided, 2,
    )  # fmt: skip
    if not ground.hire_steps:
        return
    lines.add(
        "k_approval_case", case, organiser.no, worker.person, "hire", ground.hire, *ground.pack, json(PUBLICITY),
        "hire", hire, organiser.id, "approved", user, organiser.id, ground.hire_steps[0][2], ground.organiser,
        json([user] if user else []), len(ground.hire_steps) + 1, instant(proposed), instant(decided, 10),
    )  # fmt: skip
    lines.add(
        "k_approval_record", case, 1, organiser.no, worker.person, "submit", None, "open", "official", user, post,
        organiser.no, ground.hire_steps[0][2], ground.organiser, "handler", instant(proposed),
    )  # fmt: skip
    number = 1
    for position, (step, kind, department, level) in enumerate(ground.hire_steps):
        acting = community.above.get(level, organiser)
        ends = date(year, 4, 17) if kind == "publicize" else None
        lines.add(
            "k_approval_step", case, position, organiser.no, worker.person, step, kind, department, level, acting.id,
            "done", 1, ends, "[]",
        )  # fmt: skip
        if kind == "publicize":
            continue
        number += 1
        lines.add(
            "k_approval_record", case, number, organiser.no, worker.person, kind, step,
            "approved" if position == len(ground.hire_steps) - 1 else "open", "official",
            *(acting.official or (user, post)), acting.no, department, level, "approver", instant(decided, 10),
        )  # fmt: skip
