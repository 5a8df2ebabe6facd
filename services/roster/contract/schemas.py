"""What goes in and out of contracts over HTTP. Periods are half-open: `valid_before` is the first day after."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

TermKind = Literal["fixed", "open_ended"]
ContractState = Literal["draft", "offered", "in_force"]
RelationKind = Literal["labour_contract", "service_agreement"]
Conclusion = Literal["new", "extension", "automatic_renewal", "employer_changed"]
PenaltyGround = Literal["training_service", "non_compete", "other"]
FixedTermReason = Literal["worker_asks", "dismissal_ground"]
Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Money = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=2),
    AfterValidator(lambda yuan: yuan.quantize(Decimal("0.01"))),
]
"""Yuan, written as they are stored."""
Item = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Clause = Annotated[str, StringConstraints(max_length=4000)]

labelled("roster.term_kind", {"fixed": ("固定期限", "fixed term"), "open_ended": ("无固定期限", "open-ended")})
labelled(
    "roster.contract_state",
    {
        "draft": ("拟定", "draft"),
        "offered": ("用人单位已签", "signed by the employer"),
        "in_force": ("已生效", "in force"),
    },
)
labelled(
    "roster.relation_kind",
    {"labour_contract": ("劳动合同", "labour contract"), "service_agreement": ("服务协议", "service agreement")},
)
labelled(
    "roster.contract_conclusion",
    {
        "new": ("新订或者续订", "concluded anew"),
        "extension": ("协商延长期限", "an agreed extension"),
        "automatic_renewal": ("约定自动续延", "an automatic renewal as agreed"),
        "employer_changed": ("变换订立主体，岗位不变", "another employer's name, the same work"),
    },
)
labelled(
    "roster.fixed_term_reason",
    {
        "worker_asks": ("劳动者提出订立固定期限", "the worker asks for a fixed term"),
        "dismissal_ground": (
            "有第三十九条或者第四十条第一项、第二项规定的情形",
            "a ground of LCL-39 or LCL-40(1), (2) stands",
        ),
    },
)
labelled(
    "roster.penalty_ground",
    {
        "training_service": ("专项培训服务期", "service period after paid training"),
        "non_compete": ("竞业限制", "non-compete"),
        "other": ("其他", "other"),
    },
)


class TermBody(Body):
    """The term: fixed with an end, or open-ended without."""

    kind: TermKind
    valid_from: Day
    valid_before: Day | None = None

    @model_validator(mode="after")
    def has_the_end_it_needs(self) -> Self:
        """A fixed term ends after it starts; an open-ended one has no end."""
        if self.kind == "open_ended" and self.valid_before is not None:
            raise _wrong("无固定期限合同不应有终止日期", "an open-ended contract has no end")
        if self.kind == "fixed" and (self.valid_before is None or self.valid_before <= self.valid_from):
            raise _wrong("固定期限合同的终止日期应在起始日期之后", "a fixed term needs an end after its start")
        return self


def _wrong(zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError("term", "{text}", {"text": Text(zh, en)})


class PenaltyBody(Body):
    """A sum the worker would owe (违约金), with its ground; `training_cost` where it rests on paid training."""

    ground: PenaltyGround
    amount: Money
    training_cost: Money | None = None


class FixedTermBasis(Body):
    """Why the term is fixed although the law asks for an open-ended contract (LCL-14): `record` names the paper."""

    reason: FixedTermReason
    record: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(repr=False)


class ContractTerms(Body):
    """What the parties agree. `contents` holds the clauses by item of the regulation's list (NM-12); where the text
    lists none (SH-8) the items are the parties' own.

    `relation`: a labour contract unless another relation is on record; `relation_basis` names that record (SH-2).
    `conclusion`: how it follows an earlier one, by which fixed terms are counted (LCL-14).
    `fixed_term_basis`: where an open-ended contract is owed, why a fixed term is concluded all the same.
    """

    employer_unit_id: UUID
    relation: RelationKind = "labour_contract"
    relation_basis: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] | None = None
    conclusion: Conclusion = "new"
    term: TermBody
    fixed_term_basis: FixedTermBasis | None = None
    probation_months: Annotated[int, Field(ge=0, le=120)]
    contents: Annotated[dict[Item, Clause], Field(max_length=40)]
    penalty: PenaltyBody | None = None


class ContractDraft(ContractTerms):
    """A contract to draft for a dossier."""

    dossier_id: UUID


class TermView(View):
    """The term; `valid_before` is null where it is open-ended."""

    kind: TermKind
    valid_from: date
    valid_before: date | None


class PenaltyView(View):
    """A sum the worker would owe, with its ground."""

    ground: PenaltyGround
    amount: Decimal
    training_cost: Decimal | None


class FixedTermBasisView(View):
    """Why the term is fixed although the law asks for an open-ended contract."""

    reason: FixedTermReason
    record: str


class ContractView(View):
    """A labour contract, or a service agreement where that relation is on record."""

    id: UUID
    unit_no: int
    dossier_id: UUID
    person_id: UUID
    employer_unit_id: UUID
    relation: RelationKind
    relation_basis: str | None
    conclusion: Conclusion
    term: TermView
    fixed_term_basis: FixedTermBasisView | None
    probation_months: int
    probation_before: date | None = Field(description="First day after probation; null where none is agreed.")
    contents: dict[str, str]
    penalty: PenaltyView | None
    state: ContractState
    employer_signed_at: datetime | None
    worker_signed_at: datetime | None
    pack_id: str
    pack_version: str
    version: int
