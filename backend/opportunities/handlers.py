"""What opportunities do when something has happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.customers.rules import SUBJECT as CUSTOMER
from backend.identity.models import Person
from backend.notifications.service import notify
from backend.opportunities import announce, filing, rules, searching, wordings
from backend.pipelines.rules import Move


@handles("opportunity.created")
async def tell_owner(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The owner learns it, unless they made it themselves."""
    row = await announce.current(session, event.subject_id)
    author = UUID(event.payload["created_by"])
    await announce.show(session, row, now, author)
    if row.owner_id != author:
        by = await session.get_one(Person, author)
        await notify(session, announce.notice([row.owner_id], "opportunity.given_to_you", row, by=by.name), now=now)


@handles("opportunity.stage_changed")
async def show_move(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Boards follow; of a deal that is won or lost the owner and the superior learn, but for who did it."""
    row = await announce.current(session, event.subject_id)
    mover = UUID(event.payload["moved_by"])
    await announce.show(session, row, now, mover)
    if event.payload["move"] not in (Move.WON, Move.LOST):
        return
    people = {row.owner_id, row.backup_owner_id, row.supervisor_id} - {None, mover}
    amount = f"{row.currency} {row.expected_amount:,.2f}" if row.expected_amount is not None else None
    params = {"owner": row.owner_name, "amount": amount, "reason": row.loss_reason}
    await notify(session, announce.notice(people, f"opportunity.{event.payload['move']}", row, **params), now=now)


@handles("document.added")
@handles("document.version_added")
@handles("document.changed")
@handles("document.withdrawn")
async def show_document(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    if event.payload["subject_type"] == rules.SUBJECT:
        await announce.show(session, await announce.current(session, event.subject_id), now)


@handles("opportunity.changed")
@handles("opportunity.followed_up")
async def show_change(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await announce.show(session, await announce.current(session, event.subject_id), now)


@handles("customer.changed")
async def follow_name(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """An opportunity is found by the name of its customer."""
    del now
    if "name" in event.payload["fields"]:
        await searching.follow(session, event.subject_id)


@handles("record.merged")
@handles("record.merge_undone")
async def follow_merge(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """What was merged is found by the names of both; what is two again by its own."""
    del now
    if event.payload["subject_type"] == CUSTOMER:
        for one in (event.subject_id, UUID(event.payload["loser_id"])):
            await searching.follow(session, one)


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
assert filing.admit is not None  # noqa: S101 - the same: it registers how files are kept with its records
