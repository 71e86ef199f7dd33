"""FLOW-1, FLOW-2: an opportunity goes to another stage when the conditions on the way are met."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.ids import new_id
from backend.deadlines import rulebook
from backend.identity.deps import Actor
from backend.opportunities import reading, rules, writing
from backend.opportunities.events import StageChanged
from backend.opportunities.models import StageStay
from backend.opportunities.rules import OpportunityAction, OpportunityState
from backend.opportunities.schemas import MoveTo, OpportunityOut
from backend.pipelines import rules as pipeline_rules
from backend.pipelines.rules import ADVANCES, Move, Pipeline, Stage, StageKind, Way, WayRefused
from backend.pipelines.schemas import PipelineOut, StageRef

NO_WAY = {
    WayRefused.SAME_STAGE: "The opportunity stands in this stage already.",
    WayRefused.NOT_ON_BOARD: "This stage is no column of the board; choose one that is.",
    WayRefused.OUT_OF_USE: "This stage is out of use; choose another one.",
    WayRefused.NO_RETURN: "The pipeline does not let opportunities return to this stage.",
    WayRefused.NO_SKIP: "A stage in between must not be skipped; go through it.",
}


async def move(session: AsyncSession, actor: Actor, opportunity_id: UUID, body: MoveTo, version: int, now: datetime) -> OpportunityOut:
    """One transaction under the opportunity's lock: the stay ends, the next begins, the next step is set. 409 `conditions_missing` lists
    what is missing; nothing changes then.
    """
    seen = await reading.detail_row(session, actor, opportunity_id)
    action = OpportunityAction.MOVE if seen.state == OpportunityState.OPEN else OpportunityAction.REOPEN
    row = await writing.allowed(session, actor, opportunity_id, action, version, now, seen)
    if row.contract_signed_at is not None:
        raise Refused("contract_signed", "The contract is signed: the deal stays won. A further order is an opportunity of its own.")
    shown, pipeline = await reading.rules_of(session, row.pipeline_id)
    here = reading.stage_of(shown, row.stage_id)
    there = _target(shown, body.stage)
    way = _way(pipeline, here, there, body)
    _refuse_unsaid(way, there, body)
    if way.move is not Move.LOST:
        lacks = reading.missing(here, there, way, await reading.facts_of(session, row))
        if lacks:
            said = "Conditions of the stages are not met; see `missing` for each of them."
            raise Refused("conditions_missing", said, missing=[one.model_dump(mode="json") for one in lacks])
    await _enter(session, actor, row, shown, pipeline, way, there, body, now)
    await writing.note(
        session, opportunity_id, "opportunity.moved", actor.id, now,
        move=way.move.value, from_stage=named_stage(here), to_stage=named_stage(there), reason=body.reason, loss_reason=body.loss_reason,
    )  # fmt: skip
    await outbox.add(session, StageChanged(opportunity_id, here.key, there.key, way.move.value, actor.id), now)
    return await reading.opportunity(session, actor, opportunity_id, now, (shown, pipeline))


def named_stage(stage: StageRef) -> dict[str, str]:
    """A stage as timelines name it, as it was called at that moment."""
    return {"key": stage.key, "name_zh": stage.name_zh, "name_en": stage.name_en}


def _target(shown: PipelineOut, key: str) -> StageRef:
    found = next((stage for stage in shown.stages if stage.key == key), None)
    if found is None:
        said = f"Choose a stage of this pipeline: {', '.join(stage.key for stage in shown.stages)}."
        raise Invalid("invalid_input", said, errors=[field_error("#/stage", said, "unknown")])
    return found


def _way(pipeline: Pipeline, here: StageRef, there: StageRef, body: MoveTo) -> Way:
    if there.kind is StageKind.CLOSED and body.outcome == "lost" and here.kind is StageKind.OPEN:
        return Way(Move.LOST)
    way = pipeline_rules.way(pipeline, here.key, there.key)
    if isinstance(way, WayRefused):
        raise Refused(way.value, NO_WAY[way], stage=there.key)
    return way


def _refuse_unsaid(way: Way, there: StageRef, body: MoveTo) -> None:
    """What a move of this kind must say, and must not."""
    is_closing = there.kind is StageKind.CLOSED
    errors = []
    if is_closing and body.outcome is None:
        errors.append(field_error("#/outcome", "Say whether the deal is won or lost.", "missing"))
    if not is_closing and body.outcome is not None:
        errors.append(field_error("#/outcome", "Only the closed stage has an outcome.", "unexpected"))
    if way.move is Move.LOST and body.loss_reason is None:
        errors.append(field_error("#/loss_reason", "Say why the deal was lost.", "missing"))
    if way.move is not Move.LOST and body.loss_reason is not None:
        errors.append(field_error("#/loss_reason", "Only a lost deal has a reason for it.", "unexpected"))
    if way.needs_reason and not body.reason:
        errors.append(field_error("#/reason", "Say why it goes this way.", "missing"))
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)


async def _enter(
    session: AsyncSession,
    actor: Actor,
    row: Any,
    shown: PipelineOut,
    pipeline: Pipeline,
    way: Way,
    there: StageRef,
    body: MoveTo,
    now: datetime,
) -> None:
    stage = pipeline.stage(there.key)
    assert stage is not None  # noqa: S101 - `there` comes from the same pipeline
    is_closing = there.kind is StageKind.CLOSED
    closing = {
        "state": rules.state_after(way.move).value,
        "closed_at": now if is_closing else None,
        "loss_reason": body.loss_reason,
        "closing_note": body.reason or None if is_closing else None,
    }
    advanced = {"advanced_at": now} if way.move in ADVANCES else {}
    moments = {"stage_id": there.id, "stage_entered_at": now, "last_activity_at": now}
    await writing.write(session, row.id, moments | advanced | closing | await next_step(session, stage, now))
    left = {"left_at": func.greatest(StageStay.entered_at, now), "left_by": actor.id, "left_to": there.id, "left_move": way.move.value}
    ended = update(StageStay).where(StageStay.opportunity_id == row.id, StageStay.left_at.is_(None)).values(left)
    await session.execute(ended.execution_options(synchronize_session=False))
    await open_stay(session, row.id, there.id, way.move, body.reason or None, shown.version, actor.id, now)


async def open_stay(
    session: AsyncSession, opportunity_id: UUID, stage_id: UUID, move: Move, reason: str | None, version: int, by: UUID, now: datetime
) -> None:
    """From now on the opportunity stands in this stage."""
    values = {
        "id": new_id(),
        "opportunity_id": opportunity_id,
        "stage_id": stage_id,
        "move": move.value,
        "reason": reason,
        "pipeline_version": version,
        "entered_at": now,
        "entered_by": by,
    }
    await session.execute(insert(StageStay).values(values).inline())


async def next_step(session: AsyncSession, stage: Stage, now: datetime) -> dict[str, Any]:
    """FLOW-2: what entering a stage puts on the desk, as columns; nothing where the stage has no template."""
    if stage.next_step is None:
        return {"next_step": None, "next_step_at": None}
    calendar = (await rulebook.load(session)).calendar
    due = calendar.close_of_working_day(now, stage.next_step.within_working_days)
    return {"next_step": stage.next_step.title, "next_step_at": due}
