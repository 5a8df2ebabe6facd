"""What a contract must hold and may not hold (NM-12, SH-2, SH-8; LCL 19, 22, 25). Pure: facts in, refusals out.

The statute prevails over any text below it: figures come from the national layer, which no pack can weaken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from kernel.calendar import before_after_months
from kernel.errors import FieldError, InvalidInput, RuleRefused, Text
from kernel.regulation.figures import Figure
from kernel.regulation.findings import Finding
from kernel.regulation.national.probation import Term, probation_finding
from kernel.regulation.pack import Pack

CONTENTS = "contract.contents"
PARTY_LEVEL = "contract.party_level"
PROBATIONS = "contract.probations_per_employer"
PENALTIES = "contract.penalty_grounds"
PENALTIES_CAPPED = "contract.penalty_grounds_capped"
RELATION = "labour_contract"
LAW_OF_PROBATION = "LCL-19"


def check_contents(pack: Pack, contents: Mapping[str, str]) -> None:
    """Raise `InvalidInput` naming each content of the regulation's list that is missing, with the article."""
    asked = pack.item_list(CONTENTS)
    if asked is None:
        return
    errors = [
        FieldError(
            f"/contents/{name}",
            Text(f"缺少“{item.label.zh}”", f"missing: {item.label.en}"),
            rule=CONTENTS,
            article=asked.article,
        )
        for name, item in asked.items.items()
        if not contents.get(name, "").strip()
    ]
    if not asked.open:
        errors += [
            FieldError(f"/contents/{name}", Text("不是合同内容项", "not a content of the contract"), rule=CONTENTS)
            for name in contents
            if name not in asked.items
        ]
    if errors:
        raise InvalidInput(
            Text("合同内容不完整", "The contract lacks required contents."),
            errors=errors,
            article=asked.article,
        )


def check_relation(pack: Pack, category: str, relation: str = RELATION, basis: str | None = None) -> None:
    """Raise `RuleRefused` for a relation that the regulation does not know for the category: members of the two
    committees are no employees, a service agreement is concluded only where the text has one (SH-2).

    Raises `InvalidInput` where a relation other than the labour contract is taken without naming the record it is
    from, or the other way round.
    """
    known = pack.document.categories.get(category)
    if known is None or relation not in known.relations:
        label = known.label.text() if known else Text(category, category)
        kind = pack.document.relations[relation].label
        raise RuleRefused(
            Text(f"“{label.zh}”不签订{kind.zh}", f"{label.en}: no {kind.en.lower()} is concluded"),
            article=known.article if known else None,
        )
    if (relation != RELATION) != (basis is not None):
        kind = pack.document.relations[relation].label
        message = (
            Text("只有非劳动合同关系须写明依据", "A labour contract rests on no other record; leave it out.")
            if basis is not None
            else Text(f"{kind.zh}须写明所依据的记录", f"{kind.en}: name the record it rests on.")
        )
        raise InvalidInput(errors=[FieldError("/relation_basis", message, article=known.article)])


def binds(pack: Pack, relation: str, rule: str = "probation") -> bool:
    """Whether that part of the Labour Contract Law binds the relation; a service agreement is a civil contract."""
    return rule in pack.document.relations[relation].national_rules


def check_no_probation(pack: Pack, relation: str, months: int) -> None:
    """Raise `RuleRefused` for a probation outside labour relations, which alone know one (LCL-19)."""
    if months and not binds(pack, relation):
        kind = pack.document.relations[relation].label
        raise RuleRefused(
            Text(f"{kind.zh}不约定试用期", f"{kind.en}: there is no probation outside a labour relation."),
            article=LAW_OF_PROBATION,
        )


def party_level(pack: Pack, on: date) -> Figure:
    """The level of the unit that is the contract party; reading it raises `ParameterNotSet` where nobody says."""
    return pack.parameter(PARTY_LEVEL, on)


def check_party(pack: Pack, figure: Figure, party: UUID | None, given: UUID) -> None:
    """Raise `RuleRefused` unless the employer given is the unit that the regulation makes the party."""
    if party != given:
        names: dict[str, Text] = {level: named.name.text() for level, named in pack.document.levels.items()}
        name = names.get(figure.text(), Text(figure.text(), figure.text()))
        raise RuleRefused(
            Text(
                f"合同签订方应为该社区所属的{name.zh}",
                f"The contract party must be the community's unit at the level: {name.en}.",
            ),
            article=figure.article,
        )


def check_signatory(figure: Figure, employer_unit_no: int, acting_unit_no: int | None) -> None:
    """Raise `RuleRefused` unless who signs for the employer acts in a post of the employer itself."""
    if employer_unit_no != acting_unit_no:
        raise RuleRefused(
            Text("应由合同签订方的岗位签署", "Only a post of the contract party signs for it."), article=figure.article
        )


def probation_end(valid_from: date, months: int) -> date | None:
    """First day after a probation of that many months from the first day of the term; None for none."""
    return before_after_months(valid_from, months) if months else None


def check_probation(
    pack: Pack, kind: Literal["fixed", "open_ended"], valid_from: date, valid_before: date | None, months: int
) -> None:
    """Raise `RuleRefused` (LCL-19) where the probation is longer than the term allows; both figures are named."""
    term = Term(kind, valid_from, valid_before)
    finding = probation_finding(pack, term, probation_end(valid_from, months))
    if not finding.passes:
        raise RuleRefused(
            Text(
                f"约定试用期 {months} 个月，该合同期限的法定上限为 {finding.value} 个月",
                f"A probation of {months} months is asked; the law allows at most {finding.value} for this term.",
            ),
            article=finding.article,
            findings=[finding.as_json()],
        )


def check_only_probation(pack: Pack, on: date, earlier: int, months: int) -> None:
    """Raise `RuleRefused` (LCL-19) for a further probation between the same employer and worker.

    earlier: contracts of the two that have a probation already.
    """
    figure = pack.parameter(PROBATIONS, on)
    if months and earlier >= figure.integer():
        raise RuleRefused(
            Text(
                f"与该人员已约定过试用期（{earlier} 次），同一用人单位只能约定 {figure.integer()} 次",
                f"A probation was agreed before ({earlier}); employer and worker may agree {figure.integer()}.",
            ),
            article=figure.article,
        )


@dataclass(frozen=True, slots=True)
class Penalty:
    """A sum the worker would owe."""

    ground: Literal["training_service", "non_compete", "other"]
    amount: Decimal
    training_cost: Decimal | None


def check_penalty(pack: Pack, on: date, penalty: Penalty | None) -> None:
    """Raise `RuleRefused` for a penalty on a ground that the statute does not know (LCL 25), or above the cost of the
    training it rests on (LCL 22)."""
    if penalty is None or not penalty.amount:
        return
    lawful, capped = pack.parameter(PENALTIES, on), pack.parameter(PENALTIES_CAPPED, on)
    if penalty.ground not in lawful.texts():
        message = Text(
            "除专项培训服务期和竞业限制外，不得约定由劳动者承担违约金",
            "A penalty on the worker is lawful only for paid training and non-compete.",
        )
        raise RuleRefused(message, article=lawful.article, findings=[_penalty(penalty, lawful, message)])
    if penalty.ground in capped.texts() and penalty.amount > (penalty.training_cost or Decimal(0)):
        message = Text(
            f"违约金 {penalty.amount} 元超过培训费用 {penalty.training_cost or 0} 元",
            f"The penalty ({penalty.amount}) is above the cost of the training ({penalty.training_cost or 0}).",
        )
        raise RuleRefused(message, article=capped.article, findings=[_penalty(penalty, capped, message)])


def _penalty(penalty: Penalty, figure: Figure, message: Text) -> dict[str, object]:
    facts = {
        "ground": penalty.ground,
        "amount": str(penalty.amount),
        "training_cost": str(penalty.training_cost) if penalty.training_cost is not None else None,
    }
    words = figure.parameter.words
    return Finding("contract.penalty", figure.article, words, facts, "not_met", None, message).as_json()
