"""What people do with leads: enter, follow up, take over, reassign."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, Refused, Stale, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.documents import service as documents
from backend.duplicates import service as duplicates
from backend.duplicates.keys import company_key, email_key, phone_key
from backend.duplicates.rules import Identity
from backend.identity.deps import Actor
from backend.identity.places import place
from backend.identity.queries import active_with
from backend.identity.rules import MANAGER_ROLES, SALES_ROLES
from backend.identity.schemas import PersonRef
from backend.leads import announce, reading, rules, unowned
from backend.leads.cards import standing
from backend.leads.events import LeadAssigned, LeadFollowedUp, LeadReceived, OwnerChanged
from backend.leads.finding import search_columns
from backend.leads.models import Lead, LeadAssignment
from backend.leads.rules import Action, LeadState, ReasonCode
from backend.leads.schemas import LeadCreate, LeadOut, Reassignment, TakeOver
from backend.notifications.service import read_all
from backend.timeline import follow_ups
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut
from backend.timeline.service import record


async def create(session: AsyncSession, actor: Actor, body: LeadCreate, now: datetime) -> LeadOut:
    """Manual quick entry: kept by its author, or routed like a lead from the website."""
    actor.require("lead.create")
    _check(body)
    if body.assign_to_me and not (actor.roles & {*SALES_ROLES, *MANAGER_ROLES}):
        wrong = field_error("#/assign_to_me", "Only sales roles keep a lead; leave it out and the lead is routed.", "not_a_sales_role")
        raise Invalid("not_a_sales_role", wrong["detail"], errors=[wrong])
    lead_id = new_id()
    kept = _kept_by(actor, now) if body.assign_to_me else {}
    await session.execute(
        insert(Lead).values(**_columns(body), **kept, id=lead_id, created_by=actor.id, received_at=now, last_activity_at=now)
    )
    entered = {"source": body.source, "entered_by": {"id": str(actor.id), "name": actor.name}}
    await record_by(session, lead_id, "lead.received", actor, now, body=entered)
    identity = Identity(body.company, (body.phone,), (body.email,))
    hit = await duplicates.settle(session, rules.SUBJECT, lead_id, identity, now)
    if body.assign_to_me:
        await duplicates.refuse_second_owner(session, hit, actor.id, now)
        await _keep(session, lead_id, actor, now)
    else:
        await outbox.add(session, LeadReceived(lead_id), now)
    return await reading.lead(session, actor, lead_id)


def _check(body: LeadCreate) -> None:
    """Somebody to ask for, and a way to reach them."""
    errors = []
    if not (body.company or body.contact_name):
        errors += [field_error(f"#/{name}", "Enter the company or the contact.", "missing") for name in ("company", "contact_name")]
    if not (body.phone or body.email or body.wechat):
        errors += [
            field_error(f"#/{name}", "Enter a phone, an e-mail or a WeChat name.", "missing") for name in ("phone", "email", "wechat")
        ]
    if body.phone and phone_key(body.phone) is None:
        errors.append(field_error("#/phone", "This is no phone number.", "not_a_phone"))
    if body.email and email_key(body.email) is None:
        errors.append(field_error("#/email", "This is no e-mail address.", "not_an_email"))
    if errors:
        raise Invalid("invalid_input", "Some fields are not valid; each is named in `errors`.", errors=errors)


def _columns(body: LeadCreate) -> dict[str, Any]:
    fields = body.model_dump(exclude={"assign_to_me"})
    province, city = place(body.province, body.city)
    empty_to_null = {name: fields[name] or None for name in ("phone", "email", "wechat", "campaign", "product_line", "language", "need")}
    phone = phone_key(body.phone)
    searched = search_columns(body.company, body.contact_name, body.phone, phone)
    return {
        **fields,
        **empty_to_null,
        **searched,
        "company_key": company_key(body.company),
        "phone_key": phone,
        "province": province,
        "city": city,
    }


def _kept_by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "owner_id": actor.id,
        "region_id": actor.region_id,
        "state": LeadState.ASSIGNED.value,
        "assigned_at": now,
        "first_assigned_at": now,
        "assign_latency_ms": 0,
    }


async def _keep(session: AsyncSession, lead_id: UUID, actor: Actor, now: datetime) -> None:
    """The author is the owner from the first moment: decision, timeline and ladder."""
    reason = {"code": ReasonCode.OWNER_CREATES.value, "params": {"person": actor.name}}
    decision = {"lead_id": lead_id, "person_id": actor.id, "region_id": actor.region_id, "reason": reason}
    await session.execute(insert(LeadAssignment).values(**decision, id=new_id(), assigned_at=now, assigned_by=actor.id, latency_ms=0))
    owner = {"id": str(actor.id), "name": actor.name}
    await record_by(session, lead_id, "lead.assigned", actor, now, body={"owner": owner, "reason": reason, "latency_ms": 0})
    await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, lead_id, {"assigned": now, "first_assigned": now}, now)
    await outbox.add(session, LeadAssigned(lead_id, actor.id, ReasonCode.OWNER_CREATES.value), now)
    await announce.show(session, [actor.id], "lead.changed", await announce.current(session, lead_id), now)


async def record_by(session: AsyncSession, lead_id: UUID, kind: str, actor: Actor, now: datetime, **more: Any) -> UUID:
    return await record(session, subject_type=rules.SUBJECT, subject_id=lead_id, kind=kind, now=now, actor_id=actor.id, **more)


async def allowed(session: AsyncSession, actor: Actor, lead_id: UUID, action: Action) -> Any:
    """The lead's row, locked, when this actor may do this now: 404 unseen, 403 not allowed, 409 where its state forbids."""
    row = await reading.detail_row(session, actor, lead_id)
    actor.require(rules.PERMISSION[action])
    version = await session.scalar(select(Lead.version).where(Lead.id == lead_id).with_for_update())
    if version != row.version and version is not None:
        row = await reading.detail_row(session, actor, lead_id)
    state = LeadState(row.state)
    if version is not None and action in rules.actions_for(standing(row, actor), state):
        return row
    if any(action in rules.actions_for(standing(row, actor), other) for other in LeadState):
        raise Refused("lead_state_forbids", "The lead is closed or has no owner yet.", state=state.value)
    if action is Action.TAKE_OVER and row.is_owner:
        raise Refused("already_yours", "You own this lead.")
    raise Forbidden("not_your_lead", "Only its owner, backup, superior or regional manager may do this.", action=action.value)


async def log_follow_up(session: AsyncSession, actor: Actor, lead_id: UUID, body: FollowUpCreate, now: datetime) -> TimelineEntryOut:
    """LEAD-5: a real follow-up stops the ladder and clears an escalation; a correction of one does neither again."""
    row = await allowed(session, actor, lead_id, Action.LOG_FOLLOW_UP)
    _refuse_contacts(body)
    people = follow_ups.others_of(body)
    files = await documents.add_own(session, actor, rules.SUBJECT, lead_id, body.files, now)
    logged = await follow_ups.log(
        session, subject_type=rules.SUBJECT, subject_id=lead_id, actor_id=actor.id, body=body, people=people, files=files, now=now
    )
    stops: dict[str, Any] = {}
    if not logged.is_correction:
        await deadlines.stop(session, FIRST_CONTACT, lead_id, now)
        await read_all(session, actor.id, now, about=lead_id)
        first = func.coalesce(Lead.first_follow_up_at, now)
        stops = {"state": LeadState.FOLLOWING.value, "first_follow_up_at": first, "escalated_to_id": None, "escalation_level": 0}
    await outbox.add(session, LeadFollowedUp(lead_id, logged.entry.id, watchers_of(row)), now)
    values = {
        **stops,
        **logged.steps,
        "last_follow_up_at": func.greatest(Lead.last_follow_up_at, logged.entry.at),
        "last_activity_at": func.greatest(Lead.last_activity_at, logged.entry.at),
        "version": Lead.version + 1,
    }
    await session.execute(update(Lead).where(Lead.id == lead_id).values(values).execution_options(synchronize_session=False))
    return logged.entry


def _refuse_contacts(body: FollowUpCreate) -> None:
    """Contacts belong to customers."""
    if body.contacts:
        said = "A lead has no contacts yet; name who took part in `others`."
        raise Invalid("invalid_input", said, errors=[field_error("#/contacts", said, "unknown")])


async def log_note(session: AsyncSession, actor: Actor, lead_id: UUID, body: NoteCreate, now: datetime) -> TimelineEntryOut:
    """Something to remember of the lead; no follow-up, the ladder runs on."""
    await allowed(session, actor, lead_id, Action.LOG_FOLLOW_UP)
    files = await documents.add_own(session, actor, rules.SUBJECT, lead_id, body.files, now)
    return await follow_ups.note(
        session, subject_type=rules.SUBJECT, subject_id=lead_id, actor_id=actor.id, body=body, files=files, now=now
    )


def watchers_of(row: Any) -> list[UUID]:
    """Whose open screens show the lead of this row."""
    people = (row.owner_id, row.backup_owner_id, row.escalated_to_id, row.supervisor_id)
    return list(dict.fromkeys(person for person in people if person is not None))


async def take_over(session: AsyncSession, actor: Actor, lead_id: UUID, body: TakeOver, version: int | None, now: datetime) -> LeadOut:
    """A superior makes the lead their own."""
    row = await allowed(session, actor, lead_id, Action.TAKE_OVER)
    await _change_owner(session, actor, row, actor.id, actor.name, ReasonCode.TAKEN_OVER, body.reason, version, now)
    return await reading.lead(session, actor, lead_id)


async def reassign(session: AsyncSession, actor: Actor, lead_id: UUID, body: Reassignment, version: int | None, now: datetime) -> LeadOut:
    """A superior gives the lead to somebody else; the answer shows it even when it has left the author's sight."""
    row = await allowed(session, actor, lead_id, Action.REASSIGN)
    target = (await session.execute(active_with("lead.follow_up", [body.person_id], now))).first()
    if target is None:
        wrong = field_error("#/person_id", "Choose an active person who follows leads up.", "cannot_own_leads")
        raise Invalid("cannot_own_leads", wrong["detail"], errors=[wrong])
    before = await reading.lead(session, actor, lead_id)
    changed = await _change_owner(session, actor, row, target.id, target.name, ReasonCode.MANUAL, body.reason, version, now)
    seen = (await session.execute(select(Lead.id).where(Lead.id == lead_id))).first()
    return await reading.lead(session, actor, lead_id) if seen else before.model_copy(update=changed)


async def _change_owner(
    session: AsyncSession,
    actor: Actor,
    row: Any,
    owner_id: UUID,
    owner_name: str,
    code: ReasonCode,
    note: str,
    version: int | None,
    now: datetime,
) -> dict[str, Any]:
    """One change of hands: evidence and clocks first, while the lead is surely in sight, then the guarded function."""
    if version is not None and version != row.version:
        require_version(version, row.version, await reading.lead(session, actor, row.id))
    reason = {"code": code.value, "params": {"person": owner_name, "by": actor.name, "note": note}}
    kind = "lead.taken_over" if code is ReasonCode.TAKEN_OVER else "lead.reassigned"
    previous = {"id": str(row.owner_id), "name": row.owner_name} if row.owner_id else None
    body = {"from": previous, "to": {"id": str(owner_id), "name": owner_name}, "reason": note}
    await record_by(session, row.id, kind, actor, now, body=body)
    bases = rules.ladder_bases(now, row.first_assigned_at or now, row.first_follow_up_at)
    await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, row.id, bases, now)
    if row.owner_id is None:
        await unowned.stop(session, row.id, now)
    await outbox.add(
        session, OwnerChanged(row.id, owner_id, row.owner_id, actor.id, code.value, note, watchers_of(row), row.region_id), now
    )
    wanted = func.lead_change_owner(row.id, owner_id, row.version, cast(reason, JSONB), now)
    _raise_unless_changed(await session.scalar(select(wanted)))
    owner = PersonRef(id=owner_id, name=owner_name)
    return {
        "owner": owner,
        "state": LeadState.ASSIGNED,
        "assigned_at": now,
        "escalation_level": 0,
        "version": row.version + 1,
        "actions": [],
    }


def _raise_unless_changed(result: str | None) -> None:
    if result == "stale":
        raise Stale("changed_meanwhile", "Somebody else changed this lead at this moment; look at it again.")
    if result == "same_owner":
        raise Refused("same_owner", "This person owns the lead already.")
    if result == "not_active":
        raise Refused("person_not_active", "This person no longer works here.")
    if result != "changed":
        raise Forbidden("not_your_lead", "Only its superior or regional manager may change the owner.")
