"""HAND-1: a change of protected information waits for the superior of the customer's owner; nobody approves their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, Refused, field_error
from backend.core.ids import new_id
from backend.customers import facts, queries, reading, rules
from backend.customers.events import ChangeDecided, ChangeRequested, CustomerChanged
from backend.customers.models import ChangeRequest, Customer
from backend.customers.rules import CustomerState, RequestState, Verdict
from backend.customers.schemas import ChangeRequestOut, Decision
from backend.customers.writing import note, write_contact, write_customer
from backend.deadlines import service as deadlines
from backend.deadlines.rules import CHANGE_REQUEST
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.identity.models import Person, Region
from backend.identity.superiors import superior_of


@dataclass(frozen=True)
class Subject:
    """What a request is about: the customer itself or one of its contacts, as its author saw it."""

    kind: str
    id: UUID
    version: int
    contact: dict[str, str] | None = None


async def propose(
    session: AsyncSession, actor: Actor, customer: Any, subject: Subject, changes: dict[str, dict[str, Any]], reason: str, now: datetime
) -> ChangeRequestOut | None:
    """Asks the owner's superior; None when nothing protected would change. The caller holds the customer's lock."""
    if not changes:
        return None
    if not reason:
        wrong = field_error("#/reason", "This change needs an approval: say why it is right.", "missing")
        raise Invalid("reason_missing", wrong["detail"], errors=[wrong])
    waiting = ChangeRequest.subject_id == subject.id, ChangeRequest.state == RequestState.PENDING
    doubled = rules.overlap(changes, list(await session.scalars(select(ChangeRequest.changes).where(*waiting))))
    if doubled:
        raise Refused("change_pending", "A change of this waits for a decision already.", fields=doubled)
    approver = await superior_of(session, customer.owner_id, customer.region_id, 1, now, excluded={actor.id})
    approver_id = approver[0] if approver else None
    request_id, shown = new_id(), await _with_names(session, changes)
    values = {
        "id": request_id,
        "customer_id": customer.id,
        "subject_type": subject.kind,
        "subject_id": subject.id,
        "subject_version": subject.version,
        "changes": shown,
        "reason": reason,
        "requested_by": actor.id,
        "requested_at": now,
        "approver_id": approver_id,
    }
    await session.execute(insert(ChangeRequest).values(values).inline())
    to = {"id": str(approver_id), "name": approver[1]} if approver else None
    body = {"request_id": str(request_id), "changes": shown, "reason": reason, "to": to, "contact": subject.contact}
    await note(session, customer.id, "change.requested", actor.id, now, **body)
    await deadlines.arm(session, CHANGE_REQUEST, rules.CHANGE_REQUEST, request_id, {"requested": now}, now, is_first=True)
    await outbox.add(session, ChangeRequested(customer.id, request_id, approver_id), now)
    return await reading.change_request(session, actor, request_id)


async def _with_names(session: AsyncSession, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Names beside identifiers, as they were when the change was asked for."""
    tables: dict[str, Any] = {"region_id": Region, "parent_id": Customer, "owner_id": Person, "backup_owner_id": Person}
    shown: dict[str, dict[str, Any]] = {}
    for field, change in changes.items():
        shown[field] = dict(change)
        for side in ("old", "new") if field in tables else ():
            table, key = tables[field], change[side]
            shown[field][f"{side}_name"] = await session.scalar(select(table.name).where(table.id == UUID(key))) if key else None
    return shown


async def decide(session: AsyncSession, actor: Actor, request_id: UUID, body: Decision, now: datetime) -> ChangeRequestOut:
    """Approving applies all fields in this transaction; of two who decide at once the second is told so (409)."""
    row = await reading.request_row(session, actor, request_id)
    if row.requested_by == actor.id:
        raise Forbidden("not_your_own", "Nobody decides their own change.")
    if row.state != RequestState.PENDING:
        raise _decided()
    if not reading.may_decide(row, actor):
        raise Forbidden("not_your_decision", "The superior of the customer's owner decides this.")
    await _claim(session, request_id, actor.id)
    state = RequestState.APPROVED if body.verdict is Verdict.APPROVE else RequestState.REJECTED
    if state is RequestState.APPROVED:
        await _apply(session, row, now)
    await _close(session, row, state, actor.id, body.comment, now)
    return await reading.change_request(session, actor, request_id)


async def _claim(session: AsyncSession, request_id: UUID, approver_id: UUID) -> None:
    """Locks the request for the one who decides it, who from here on may see and write its customer."""
    pending = ChangeRequest.id == request_id, ChangeRequest.state == RequestState.PENDING
    statement = update(ChangeRequest).where(*pending).values(approver_id=approver_id).returning(ChangeRequest.id)
    if await session.scalar(statement.execution_options(synchronize_session=False)) is None:
        raise _decided()


def _decided() -> Refused:
    return Refused("already_decided", "This change has been decided or withdrawn.")


async def _apply(session: AsyncSession, row: Any, now: datetime) -> None:
    """All fields or none: 409 when one of them has moved since, or the customer is archived or part of another one."""
    held = select(Customer.state, Customer.merged_into_id).where(Customer.id == row.customer_id).with_for_update(key_share=True)
    found = (await session.execute(held)).first()
    if found is None or found.state != CustomerState.ACTIVE:
        raise Refused("customer_state_forbids", "The customer is archived; restore it first.")
    if found.merged_into_id is not None and row.subject_type == rules.SUBJECT:
        raise Refused("customer_is_merged", "The customer is part of another one by now; reject this, and ask for the change there.")
    current = (await reading.current_facts(session, row.subject_type, [row.subject_id]))[row.subject_id]
    moved = rules.moved_since(row.changes, current)
    if moved:
        raise Refused("changed_meanwhile", "The record has changed since this was asked for; reject it and ask anew.", fields=moved)
    wanted = {field: change["new"] for field, change in row.changes.items()}
    if row.subject_type == rules.SUBJECT:
        await facts.check_references(session, wanted, row.customer_id, current, now)
        await write_customer(session, row.customer_id, facts.customer_columns(wanted), now)
    else:
        await write_contact(session, row.subject_id, await duplicates.survivor(session, row.customer_id), wanted, now)
    contact_id = row.subject_id if row.subject_type == rules.CONTACT else None
    previous = UUID(row.changes["owner_id"]["old"]) if "owner_id" in row.changes else None
    await outbox.add(session, CustomerChanged(row.customer_id, list(wanted), contact_id, previous), now)


async def _close(session: AsyncSession, row: Any, state: RequestState, actor_id: UUID | None, comment: str, now: datetime) -> None:
    """The last word: on the timeline while the customer is surely in sight, then on the request."""
    contact = {"id": str(row.subject_id), "name": row.contact_name} if row.subject_type == rules.CONTACT else None
    body = {"request_id": str(row.id), "changes": row.changes, "reason": row.reason, "comment": comment, "contact": contact}
    author = {"id": str(row.requested_by), "name": row.author_name}
    if row.customer_name is not None:
        await note(session, row.customer_id, f"change.{state.value}", actor_id, now, **body, author=author)
    values = {"state": state.value, "decided_by": actor_id, "decided_at": now, "comment": comment or None}
    await session.execute(
        update(ChangeRequest).where(ChangeRequest.id == row.id).values(values).execution_options(synchronize_session=False)
    )
    await deadlines.stop(session, CHANGE_REQUEST, row.id, now)
    await outbox.add(session, ChangeDecided(row.customer_id, row.id, state.value), now)


async def withdraw(session: AsyncSession, actor: Actor, request_id: UUID, now: datetime) -> ChangeRequestOut:
    """The author takes it back."""
    row = await reading.request_row(session, actor, request_id)
    if row.requested_by != actor.id:
        raise Forbidden("not_your_request", "Only its author withdraws a change.")
    await _lock(session, request_id)
    await _close(session, row, RequestState.WITHDRAWN, actor.id, "", now)
    return await reading.change_request(session, actor, request_id)


async def _lock(session: AsyncSession, request_id: UUID) -> None:
    state = await session.scalar(select(ChangeRequest.state).where(ChangeRequest.id == request_id).with_for_update())
    if state != RequestState.PENDING:
        raise _decided()


async def pass_on(session: AsyncSession, request_id: UUID, level: int, now: datetime) -> None:
    """Undecided for too long: the superior of that level is asked instead, where there is one."""
    row = await _pending(session, request_id)
    if row is None:
        return
    excluded = {row.requested_by}
    superior = await superior_of(session, row.owner_id, row.region_id, level, now, excluded=excluded)
    if superior is None or superior[0] == row.approver_id:
        return
    statement = update(ChangeRequest).where(ChangeRequest.id == request_id).values(approver_id=superior[0])
    await session.execute(statement.execution_options(synchronize_session=False))
    await outbox.add(session, ChangeRequested(row.customer_id, request_id, superior[0]), now)


async def expire(session: AsyncSession, request_id: UUID, now: datetime) -> None:
    """Nobody decided: the request ends, and its author may ask anew."""
    row = await _pending(session, request_id)
    if row is not None:
        await _close(session, row, RequestState.EXPIRED, None, "", now)


async def _pending(session: AsyncSession, request_id: UUID) -> Any:
    """The request, locked, with the owner of its customer; None when it is decided."""
    locked = select(ChangeRequest.state, ChangeRequest.requested_by).where(ChangeRequest.id == request_id).with_for_update()
    found = (await session.execute(locked)).first()
    if found is None or found.state != RequestState.PENDING:
        return None
    whose = queries.requests(found.requested_by, Customer.owner_id, Customer.region_id)
    return (await session.execute(whose.where(ChangeRequest.id == request_id))).one()
