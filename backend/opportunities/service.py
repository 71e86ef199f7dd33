"""What people do with opportunities: enter, change, follow up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, field_error
from backend.core.ids import new_id
from backend.customers import participants
from backend.customers import queries as customer_queries
from backend.customers import reading as customers
from backend.customers import writing as customer_writing
from backend.customers.models import Contact
from backend.customers.rules import CustomerState
from backend.documents import service as documents
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.opportunities import moving, reading, rules, searching, writing
from backend.opportunities.events import OpportunityChanged, OpportunityCreated, OpportunityFollowedUp
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityAction
from backend.opportunities.schemas import OpportunityCreate, OpportunityFields, OpportunityOut, OpportunityPatch
from backend.pipelines import service as pipelines
from backend.pipelines.rules import Move
from backend.timeline import follow_ups
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut


async def create(session: AsyncSession, actor: Actor, body: OpportunityCreate, now: datetime) -> OpportunityOut:
    """A new opportunity of a customer that the actor works with; it belongs to the customer's owner."""
    actor.require("opportunity.create")
    customer = await _customer(session, actor, body.customer_id)
    made = await make(session, actor, customer, body, body.pipeline_id, now, source=body.source)
    return await reading.opportunity(session, actor, made, now)


async def _customer(session: AsyncSession, actor: Actor, customer_id: UUID) -> Any:
    """The customer's row when the actor works with it and it stands; 422 that names the field where it cannot be seen."""
    found = await duplicates.survivor(session, customer_id)
    row = (await session.execute(customer_queries.detail(found, actor.id))).first()
    if row is None or row.state != CustomerState.ACTIVE:
        said = "Choose a customer that you may see and that is not archived."
        raise Invalid("invalid_input", said, errors=[field_error("#/customer_id", said, "unknown")])
    if not customers.standing(row, actor).works_with:
        raise Forbidden("not_your_customer", "Only its owner, backup, their superior or regional manager may do this.")
    return row


async def make(
    session: AsyncSession,
    actor: Actor,
    customer: Any,
    body: OpportunityFields,
    pipeline_id: UUID | None,
    now: datetime,
    pointer: str = "#/pipeline_id",
    **more: Any,
) -> UUID:
    """Opens an opportunity of this customer (a row of `customers.queries.detail`) in the first stage of a pipeline, the default one unless
    another is chosen; `more` are further columns, `pointer` is where a wrong choice was made.
    """
    chosen = pipeline_id or await pipelines.default_id(session)
    shown, pipeline = await _pipeline(session, chosen, pointer)
    opening = pipeline.opening()
    stage = next(one for one in shown.stages if one.key == opening.key)
    values = body.model_dump(include=set(OpportunityFields.model_fields))
    contact_id = await _contact(session, customer.id, body.contact_id)
    opportunity_id = new_id()
    columns = {
        **values,
        "id": opportunity_id,
        "customer_id": customer.id,
        "contact_id": contact_id,
        "owner_id": customer.owner_id,
        "backup_owner_id": customer.backup_owner_id,
        "region_id": customer.region_id,
        "pipeline_id": shown.id,
        "stage_id": stage.id,
        "created_by": actor.id,
        "created_at": now,
        "last_activity_at": now,
        "stage_entered_at": now,
        "advanced_at": now,
        **await searching.columns(session, body.name, customer.id),
        **await moving.next_step(session, opening, now),
        **more,
    }
    await session.execute(insert(Opportunity).values(columns).inline())
    await moving.open_stay(session, opportunity_id, stage.id, Move.CREATED, None, shown.version, actor.id, now)
    await writing.note(session, opportunity_id, "opportunity.created", actor.id, now, name=body.name, stage=moving.named_stage(stage))
    await customer_writing.touch(session, customer.id, now)
    await outbox.add(session, OpportunityCreated(opportunity_id, customer.owner_id, actor.id), now)
    return opportunity_id


async def _pipeline(session: AsyncSession, pipeline_id: UUID, pointer: str) -> tuple[Any, Any]:
    shown = next((one for one in (await pipelines.pipelines(session)).items if one.id == pipeline_id), None)
    if shown is None or not shown.is_active:
        said = "Choose a pipeline that is in use."
        raise Invalid("invalid_input", said, errors=[field_error(pointer, said, "unknown")])
    return shown, pipelines.as_rules(shown)


async def _contact(session: AsyncSession, customer_id: UUID, wanted: UUID | None) -> UUID | None:
    """Of this customer; without a choice its primary contact, if it has one."""
    family = await duplicates.family(session, customer_id)
    of_customer = select(Contact.id).where(Contact.customer_id.in_(family), Contact.is_active)
    if wanted is None:
        return await session.scalar(of_customer.where(Contact.is_primary).limit(1))
    found: UUID | None = await session.scalar(of_customer.where(Contact.id == wanted))
    if found is None:
        said = "Choose an active contact of the customer."
        raise Invalid("invalid_input", said, errors=[field_error("#/contact_id", said, "unknown")])
    return found


async def change(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, body: OpportunityPatch, version: int, now: datetime
) -> OpportunityOut:
    """Facts of an open opportunity; a change of amount or closing date is an update of it (7-day clock)."""
    row = await writing.allowed(session, actor, opportunity_id, OpportunityAction.CHANGE, version, now)
    wanted = _wanted(body, now)
    if wanted.get("contact_id"):
        await _contact(session, row.customer_id, wanted["contact_id"])
    changes = rules.differences(vars(row), wanted)
    if changes:
        found = await searching.columns(session, wanted["name"], row.customer_id) if "name" in changes else {}
        moment = {"last_activity_at": now} if rules.is_active(changes) else {}
        await writing.write(session, opportunity_id, {name: wanted[name] for name in changes} | found | moment)
        await writing.note(session, opportunity_id, "opportunity.changed", actor.id, now, changes=changes)
        await outbox.add(session, OpportunityChanged(opportunity_id, list(changes)), now)
    return await reading.opportunity(session, actor, opportunity_id, now)


def _wanted(body: OpportunityPatch, now: datetime) -> Mapping[str, Any]:
    wanted = body.model_dump(exclude_unset=True)
    if "name" in wanted and not wanted["name"]:
        raise Invalid("invalid_input", "Enter a name.", errors=[field_error("#/name", "Enter a name.", "string_too_short")])
    follow_ups.require_ahead(wanted.get("next_step_at"), now)
    return wanted


async def log_follow_up(session: AsyncSession, actor: Actor, opportunity_id: UUID, body: FollowUpCreate, now: datetime) -> TimelineEntryOut:
    """A call, visit, meeting, message or e-mail with an outcome; its next step replaces the one before."""
    row = await writing.allowed(session, actor, opportunity_id, OpportunityAction.LOG_FOLLOW_UP, None, now)
    people = await participants.of(session, row.customer_id, body)
    files = await documents.add_own(session, actor, rules.SUBJECT, opportunity_id, body.files, now)
    logged = await follow_ups.log(
        session, subject_type=rules.SUBJECT, subject_id=opportunity_id, actor_id=actor.id, body=body, people=people, files=files, now=now
    )
    newest = func.greatest(Opportunity.last_activity_at, logged.entry.at)
    await writing.touch(session, opportunity_id, last_activity_at=newest, **logged.steps)
    await customer_writing.touch(session, row.customer_id, logged.entry.at)
    await outbox.add(session, OpportunityFollowedUp(opportunity_id, logged.entry.id), now)
    return logged.entry


async def log_note(session: AsyncSession, actor: Actor, opportunity_id: UUID, body: NoteCreate, now: datetime) -> TimelineEntryOut:
    """Something to remember of the opportunity; no follow-up."""
    await writing.allowed(session, actor, opportunity_id, OpportunityAction.LOG_FOLLOW_UP, None, now)
    files = await documents.add_own(session, actor, rules.SUBJECT, opportunity_id, body.files, now)
    return await follow_ups.note(
        session, subject_type=rules.SUBJECT, subject_id=opportunity_id, actor_id=actor.id, body=body, files=files, now=now
    )
