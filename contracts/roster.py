"""What roster publishes: a person enrolled, the contract signed, on duty, all of one dossier in its order; a pay
standard approved.

No personal data in clear: the identity stays in the dossier, other services know the person by id.
"""

from typing import ClassVar

from kernel.events.event import Event


class WorkerEnrolled(Event, frozen=True, kw_only=True):
    """A dossier was opened for a person hired (NM-12, SH-8), not on duty yet; or, without application, for one
    whose earlier history was entered.

    The four parties stand apart (NM-12, 17, 24); one that the regulation does not name is None. Without application,
    `phone` is sealed for the gateway, which gives the person an account.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "worker_enrolled"
    v: ClassVar[int] = 1

    person_id: str
    application_id: str | None
    category: str
    post_title: str
    enrolled_on: str
    community_unit_id: str
    community_unit_no: int
    employer_unit_id: str | None = None
    payer_unit_id: str | None = None
    manager_unit_id: str | None = None


class ContractSigned(Event, frozen=True, kw_only=True):
    """Both sides have signed: the contract is in force for its period (NM-12, SH-8). Open-ended: no end.

    `relation` is the pack's: a labour contract, or a service agreement where that is on record (SH-2).
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "contract_signed"
    v: ClassVar[int] = 1

    contract_id: str
    person_id: str
    employer_unit_id: str
    term_kind: str
    valid_from: str
    valid_before: str | None
    probation_before: str | None
    community_unit_no: int
    relation: str = "labour_contract"


class DutyStarted(Event, frozen=True, kw_only=True):
    """The person took up the post (NM-12, NM-20)."""

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "duty_started"
    v: ClassVar[int] = 1

    duty_id: str
    person_id: str
    contract_id: str
    category: str
    post_title: str
    started_on: str
    community_unit_id: str
    community_unit_no: int


class PostTaken(Event, frozen=True, kw_only=True):
    """A person holds a post from a day on (duty started, elected, imported, transferred). Aggregate: the dossier.

    `role` is the pack's role of the post (`secretary`, `director`, `deputy_secretary`, `deputy_director`,
    `member`, `staff`); `relation` its relation kind (`labour_contract`, `elected_office` …). A person with two
    posts at once (secretary and director) has one event for each. Days are half-open.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "post_taken"
    v: ClassVar[int] = 1

    post_id: str
    dossier_id: str
    person_id: str
    category: str
    relation: str
    role: str
    post_title: str
    community_unit_id: str
    community_unit_no: int
    township_unit_id: str | None
    township_unit_no: int | None
    valid_from: str


class PostLeft(Event, frozen=True, kw_only=True):
    """A person holds a post no longer from `valid_before` on. Aggregate: the dossier.

    `ground` is one of `transfer`, `resignation`, `retirement`, `exit`, `term_end`, `change`.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "post_left"
    v: ClassVar[int] = 1

    post_id: str
    dossier_id: str
    person_id: str
    role: str
    community_unit_id: str
    community_unit_no: int
    valid_before: str
    ground: str


class HeadcountReserved(Event, frozen=True, kw_only=True):
    """Roster's answer to a plan's request for posts (R1). Aggregate: the plan's reservation.

    `granted` False: the posts are not free; `free` and `asked` are the numbers, `article` the norm. `round` is that of
    the request; `fixed` None with `granted` False: no number was ever fixed for the community.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "reservation"
    name: ClassVar[str] = "answered"
    v: ClassVar[int] = 1

    plan_id: str
    granted: bool
    unit_id: str
    asked: int
    free: int
    article: str | None
    round: int = 1
    fixed: int | None = None


class HeadcountChanged(Event, frozen=True, kw_only=True):
    """Fixed, occupied and reserved posts of one community or county as they stand now. Aggregate: the unit's headcount.

    Recruitment keeps it as its read model, so that a plan for too many posts is refused at once. `ranges`: the
    numbers [least, most] that a norm allows (SH-5), where it leaves a choice; `fixed` is then the largest.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "headcount"
    name: ClassVar[str] = "changed"
    v: ClassVar[int] = 1

    unit_id: str
    unit_no: int
    level: str
    fixed: int | None
    occupied: int
    reserved: int
    article: str | None
    ranges: list[list[int]] | None = None


class ResignationGiven(Event, frozen=True, kw_only=True):
    """A worker resigned in writing (NM-29). Aggregate: the resignation.

    `last_day` is the contract's last day by statute (LCL-37); None for an office, which goes by Party rules and law.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "resignation"
    name: ClassVar[str] = "given"
    v: ClassVar[int] = 1

    resignation_id: str
    dossier_id: str
    person_id: str
    relation: str
    given_on: str
    last_day: str | None
    community_unit_no: int


class CrossingOffered(Event, frozen=True, kw_only=True):
    """The worker consented to a move to another tenant (NM-23; PIPL-23). Aggregate: the crossing, in the giving tenant.

    Roster tells itself: it alone reaches both tenants. What crosses, identity and evidence, is in the sealed member.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "crossing"
    name: ClassVar[str] = "offered"
    v: ClassVar[int] = 1

    receiving_tenant_id: str
    receiving_unit_code: str


class CrossingWithdrawn(Event, frozen=True, kw_only=True):
    """An offer is taken back, or nobody answered in time. Aggregate: the crossing, in the giving tenant."""

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "crossing"
    name: ClassVar[str] = "withdrawn"
    v: ClassVar[int] = 1

    receiving_tenant_id: str


class CrossingAnswered(Event, frozen=True, kw_only=True):
    """The receiving side accepted or refused. Aggregate: the same crossing, in the receiving tenant."""

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "crossing"
    name: ClassVar[str] = "answered"
    v: ClassVar[int] = 1

    giving_tenant_id: str
    accepted: bool


class PayStandardApproved(Event, frozen=True, kw_only=True):
    """The case in which an office made its pay standard with others (会同) ended with approval (NM-16).

    Its figures are to come into force as local parameters. Aggregate: the standard.

    `values[i]` is the JSON text of the figure `paths[i]`, set for a unit and those below it, from a day on, by a
    document.
    `workflow` and `case_id`: the approval; `proposed_by` and `decided_by`: the users at its two ends.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "pay_standard"
    name: ClassVar[str] = "approved"
    v: ClassVar[int] = 1

    workflow: str
    case_id: str
    unit_id: str
    paths: list[str]
    values: list[str]
    document: str
    reason: str
    valid_from: str
    proposed_by: str
    proposed_at: str
    decided_by: str | None
