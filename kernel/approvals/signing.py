"""Signatures of several offices: countersign (会签) in its four modes, partners of a joint step (会同). Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from kernel.approvals.definition import WHOLE, Office
from kernel.approvals.model import Signer, SignerState, Step

Outcome = Literal["open", "met", "impossible"]


def asked(step: Step) -> tuple[Signer, ...]:
    """The signers of a step that opens: all at once, or the first alone where they sign in order."""
    one_by_one = step.definition.mode == "in_order"
    return tuple(
        Signer(office, "waiting" if one_by_one and index else "open")
        for index, office in enumerate(step.definition.signers)
    )


def answered(step: Step, signer: Signer, state: SignerState) -> Step:
    """The step with the answer of one signer; where they sign in order, the next one is asked."""
    signers = [replace(each, state=state) if each.office == signer.office else each for each in step.signers]
    waiting = next((index for index, each in enumerate(signers) if each.state == "waiting"), None)
    if waiting is not None and not any(each.state == "open" for each in signers):
        signers[waiting] = replace(signers[waiting], state="open")
    return replace(step, signers=tuple(signers))


def added(step: Step, office: Office) -> Step:
    """The step with one signer more, the last where they sign in order; one that was removed is asked again."""
    in_order = step.definition.mode == "in_order"
    others = tuple(each for each in step.signers if each.office != office)
    return replace(step, signers=(*others, Signer(office, "waiting" if in_order else "open", added=True)))


def outcome(step: Step) -> Outcome:
    """Whether the signatures suffice, still may, or no longer can."""
    asked_of = [each for each in step.signers if each.state != "removed"]
    total, signed = len(asked_of), _count(asked_of, "signed")
    left = total - _count(asked_of, "refused")
    match step.definition.mode:
        case "any":
            needed = 1
        case "ratio":
            # Rounded up: a share is reached only by the whole signature that reaches it.
            needed = -(-total * (step.definition.ratio or WHOLE) // WHOLE)
        case _:
            needed = total
    if signed >= needed:
        return "met"
    return "open" if left >= needed else "impossible"


def _count(signers: Sequence[Signer], state: SignerState) -> int:
    return sum(each.state == state for each in signers)
