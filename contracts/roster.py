"""What roster publishes: a person enrolled, the contract signed, on duty. All of one dossier, in its order.

No personal data: the identity stays in the dossier, other services know the person by id.
"""

from typing import ClassVar

from kernel.events.event import Event


class WorkerEnrolled(Event, frozen=True, kw_only=True):
    """A dossier was opened for a person hired (NM-12, SH-8); the person is not on duty yet.

    The four parties stand apart (NM-12, 17, 24); one that the regulation does not name is None.
    """

    source: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "dossier"
    name: ClassVar[str] = "worker_enrolled"
    v: ClassVar[int] = 1

    person_id: str
    application_id: str
    category: str
    post_title: str
    enrolled_on: str
    community_unit_id: str
    community_unit_no: int
    employer_unit_id: str | None = None
    payer_unit_id: str | None = None
    manager_unit_id: str | None = None


class ContractSigned(Event, frozen=True, kw_only=True):
    """Both sides have signed: the labour contract is in force for its period (NM-12). Open-ended: no end."""

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
