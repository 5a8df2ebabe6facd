"""Opening a case and deciding on it, with events, audit and effects in the same transaction."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from kernel.approvals import machine
from kernel.approvals.definition import DefinitionRefused, WorkflowDefinition
from kernel.approvals.embed import attaching, clocks, queries, seating, storing, telling
from kernel.approvals.embed.hooks import ApprovalHooks
from kernel.approvals.embed.schemas import AllowedAction, AllowedActions, CaseView
from kernel.approvals.model import Action, Transition
from kernel.calendar import WorkingCalendar
from kernel.context import Actor
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, FieldError, InvalidInput, ParameterNotSet, Text, WrongState
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.substitutes import stands_for


class Approvals(ApprovalHooks):
    """The approvals of one service: `open` and `decide`, with the effects registered by `decided`."""

    async def open(
        self,
        tx: Transaction,
        *,
        workflow: str,
        subject_type: str,
        subject_id: UUID,
        subject_unit_no: int,
        facts: Mapping[str, Any] | None = None,
        subject_user: UUID | None = None,
        subject_person: UUID | None = None,
        comment: str | None = None,
        submitter: Actor | None = None,
    ) -> CaseView | None:
        """Submit a matter to the workflow that the pack in force writes for its unit.

        None where the regulation writes none for a unit of that level: silence adds no approval. `facts`
        are what the workflow's times are read from and what deciders are shown; no personal data. An office that a
        local parameter names is that of the subject's unit on this day. Whom the
        matter concerns (`subject_user`, `subject_person`) may not decide on it. A workflow in which nothing
        blocks is approved at once, its effect included. `submitter`: who submitted the matter, where news that it
        waited for opens the case later. Raises `ParameterNotSet` for a time or an office that nobody set
        or a workflow that waits for a document, `Conflict` while another case on the same matter is under
        way.
        """
        pack = await org.pack(tx, unit_no=subject_unit_no)
        unit = await org.unit_by_no(tx, subject_unit_no)
        written = pack.workflow(workflow)
        if written is None or not written.covers(unit.level):
            return None
        facts = dict(facts or {})
        try:
            definition = WorkflowDefinition.load(
                written.for_case(workflow, unit.level, facts, lambda path: pack.parameter(path, tx.today).rows())
            )
        except DefinitionRefused as refused:
            raise Conflict(
                Text(f"流程“{workflow}”暂不能办理", f"The workflow {workflow} cannot be run yet."),
                article=written.article,
                cause=str(refused),
            ) from refused
        actor = submitter or tx.context.actor
        # News that opens a case later says who submitted, not in whose place.
        instead = await stands_for(tx, actor) if submitter is None else None
        transition = machine.start(
            new_id(),
            definition,
            subject_type=subject_type,
            subject_id=subject_id,
            actor=actor,
            today=tx.today,
            calendar=pack.calendar,
            subject_user=subject_user,
            subject_person=subject_person,
            comment=comment,
            on_behalf_of=instead.post if instead else None,
            stands_for=instead.holder if instead else None,
        )
        origin = await org.unit_by_no(tx, actor.unit_no) if actor.unit_no is not None else None
        held = await storing.insert(
            tx,
            transition,
            unit=unit,
            origin=origin.id if origin else None,
            pack=(pack.id, pack.version),
            facts=facts,
        )
        return await self._settle(tx, held, transition)

    async def restate(self, tx: Transaction, case_id: UUID, facts: Mapping[str, Any]) -> None:
        """Have a returned case show the matter as it was corrected, before it is submitted again.

        The definition stays as it was pinned. Raises `WrongState` for a case that is not returned.
        """
        held = await queries.load(tx, case_id, lock=True)
        if held.case.state != "returned":
            raise WrongState(Text("退回后方可更正", "Only what was returned is corrected."))
        held.row.facts = dict(facts)
        await tx.session.flush()

    async def decide(self, tx: Transaction, case_id: UUID, action: Action) -> CaseView:
        """Take an action on a case; the row is locked first, so of two decisions on a step the second is
        refused. Who acts in another's post does so on their behalf, in the days of the substitution only (A6).

        Raises `NotFound` outside the scope, `Forbidden` for another office's post, `WrongState`,
        `RuleRefused` for one's own matter, `InvalidInput`; and whatever the effect raises. All of it leaves
        nothing behind.
        """
        held = await queries.load(tx, case_id, lock=True)
        await _check_named(tx, held, action)
        instead = await stands_for(tx, action.actor)
        if instead is not None:
            action = replace(action, on_behalf_of=instead.post, stands_for=instead.holder)
        transition = machine.apply(held.case, action, today=tx.today, calendar=await _calendar(tx, held))
        held.case = transition.case
        return await self._settle(tx, held, transition)

    async def _settle(self, tx: Transaction, held: queries.Held, transition: Transition) -> CaseView:
        asked = telling.asked(held)
        moved = await self._seat(tx, held, transition)
        await storing.save(tx, held, transition)
        await telling.tell(tx, held, transition, asked)
        for position in moved:
            await telling.tell_seat(tx, held, position)
        view = queries.view(held)
        if transition.ended:
            await self.run(tx, view)
        return view

    async def _seat(self, tx: Transaction, held: queries.Held, transition: Transition) -> list[int]:
        """Find the offices of what opened or was asked anew; the positions of open steps whose desk changed."""
        moved = []
        for position, step in enumerate(held.case.steps):
            if step.id in transition.opened:
                await seating.sit(tx, held, position)
                await clocks.set_clocks(tx, held, held.case.steps[position])
            elif transition.record.action in RESEATING and step.state == "open":
                # Whom nobody could do without may have stood aside.
                if await seating.sit(tx, held, position):
                    moved.append(position)
            else:
                storing.write_signers(tx, held, position)
        return moved


RESEATING = frozenset({"recuse", "add_signer", "remove_signer"})
"""Actions after which somebody else sits at an open step, or nobody."""


async def _check_named(tx: Transaction, held: queries.Held, action: Action) -> None:
    """Whom and what an action names: a colleague at the step's desk, files laid beside this case."""
    if action.kind == "delegate" and action.user is not None:
        position = next((index for index, each in enumerate(held.case.steps) if each.id == action.step), None)
        if position is not None and not await seating.works_there(tx, held, position, action.user):
            colleague = Text("只能转办给本部门经办、审批人员", "Name a colleague of this office.")
            raise InvalidInput(errors=[FieldError("/user_id", colleague)])
    if action.attachments and not await attaching.beside(tx, held.row.id, action.attachments):
        raise InvalidInput(errors=[FieldError("/attachments", Text("附件不属于该事项", "No such file of this case."))])


async def allowed_actions(tx: Transaction, case_id: UUID) -> AllowedActions:
    """What the acting post may do with the case now."""
    held = await queries.load(tx, case_id)
    instead = await stands_for(tx, tx.context.actor)
    holder = instead.holder if instead else None
    found = machine.allowed(held.case, tx.context.actor, today=tx.today, stands_for=holder)
    return AllowedActions(items=[AllowedAction.model_validate(each) for each in found])


async def one(tx: Transaction, case_id: UUID) -> CaseView:
    """The case with its steps; `NotFound` outside the scope."""
    return queries.view(await queries.load(tx, case_id))


async def _calendar(tx: Transaction, held: queries.Held) -> WorkingCalendar:
    """Today's, since next year's days are known only later; the pinned pack's where none is in force."""
    try:
        return (await org.pack(tx)).calendar
    except ParameterNotSet:
        return (await org.pack_version(tx, held.row.pack_id, held.row.pack_version)).calendar
