"""What customers do when something has happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.customers import announce, change_requests, filing, wordings
from backend.customers.rules import SUBJECT, RequestState
from backend.deadlines.rules import CHANGE_REQUEST, Recipient
from backend.identity.queries import administrators
from backend.notifications.service import notify

LEVELS = {Recipient.SUPERVISOR: 1, Recipient.SUPERVISOR_OF_SUPERVISOR: 2}
SYSTEM = UUID(int=0)


@handles("change.requested")
async def ask_approver(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The superior learns of it; without one, the administrators. A request decided meanwhile asks nobody."""
    row = await announce.request(session, UUID(event.payload["request_id"]), SYSTEM)
    if row.state != RequestState.PENDING:
        return
    approver = event.payload["approver_id"]
    people = [UUID(approver)] if approver else list(await session.scalars(administrators(now)))
    people = [person for person in people if person != row.requested_by]
    await announce.show_request(session, [*people, row.requested_by], row, now)
    await notify(session, announce.request_notice(people, "change.requested", row), now=now)


@handles("change.decided")
async def tell_author(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.request(session, UUID(event.payload["request_id"]), SYSTEM)
    await announce.show_request(session, [row.requested_by, row.approver_id], row, now)
    if row.state != RequestState.WITHDRAWN:
        await notify(session, announce.request_notice([row.requested_by], f"change.{row.state}", row), now=now)


@handles("deadline.fired")
async def press_for_decision(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The next level is asked; at last the request expires."""
    if event.payload["ladder"] != CHANGE_REQUEST:
        return
    who = Recipient(event.payload["who"])
    if who is Recipient.OWNER:
        await change_requests.expire(session, event.subject_id, now)
    else:
        await change_requests.pass_on(session, event.subject_id, LEVELS[who], now)


@handles("customer.changed")
async def show_change(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Open screens follow; who got or lost the customer is told, unless a file did it."""
    row = await announce.current(session, event.subject_id)
    previous = UUID(event.payload["previous_owner_id"]) if event.payload["previous_owner_id"] else None
    await announce.show(session, row, now, previous)
    if event.payload.get("run_id"):
        return
    told = []
    if previous is not None:
        told += [([row.owner_id], "customer.given_to_you"), ([previous], "customer.taken_from_you")]
    if "backup_owner_id" in event.payload["fields"] and row.backup_owner_id is not None:
        told.append(([row.backup_owner_id], "customer.backup_is_you"))
    await notify(session, *(announce.notice(people, kind, row, owner=row.owner_name) for people, kind in told), now=now)


@handles("document.added")
@handles("document.version_added")
@handles("document.changed")
@handles("document.withdrawn")
async def show_document(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    if event.payload["subject_type"] == SUBJECT:
        await announce.show(session, await announce.current(session, event.subject_id), now)


@handles("customer.archived")
async def tell_of_archiving(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    people = {row.owner_id, row.backup_owner_id} - {None, UUID(event.payload["changed_by"])}
    kind = "customer.archived" if event.payload["is_archived"] else "customer.restored"
    await announce.show(session, row, now)
    await notify(session, announce.notice(people, kind, row, reason=event.payload["reason"]), now=now)


@handles("record.merged")
async def tell_of_merge(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Whoever owned the customer that is part of another one now learns who goes on with it."""
    if event.payload["subject_type"] != SUBJECT:
        return
    loser, survivor = [await announce.current(session, one) for one in (UUID(event.payload["loser_id"]), event.subject_id)]
    await announce.show(session, survivor, now, loser.owner_id, loser.backup_owner_id)
    people = {loser.owner_id, loser.backup_owner_id} - {None, survivor.owner_id, UUID(event.payload["merged_by"])}
    await notify(session, announce.notice(people, "customer.merged_away", loser, owner=survivor.owner_name), now=now)


@handles("record.merge_undone")
async def show_both(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    if event.payload["subject_type"] == SUBJECT:
        for one in (event.subject_id, UUID(event.payload["loser_id"])):
            await announce.show(session, await announce.current(session, one), now)


@handles("customer.followed_up")
@handles("contact.added")
async def show_activity(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await announce.show(session, await announce.current(session, event.subject_id), now)


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
assert filing.admit is not None  # noqa: S101 - the same: it registers how files are kept with its records
