"""What leads do when something has happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.customers import announce as customers
from backend.deadlines.rules import FIRST_CONTACT, UNOWNED
from backend.leads import announce, assignment, escalation, filing, unowned, wordings
from backend.leads.cards import snapshot
from backend.leads.first_contact import script_with_news
from backend.leads.rules import SUBJECT
from backend.leads.service import watchers_of
from backend.notifications.service import notify


@handles("lead.received", is_urgent=True)
async def assign_received(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await assignment.assign(session, event.subject_id, now)


@handles("deadline.fired")
async def climb_ladder(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    if event.payload["ladder"] == FIRST_CONTACT:
        await escalation.climb(session, event, now)
    elif event.payload["ladder"] == UNOWNED:
        await unowned.climb(session, event, now)


@handles("lead.owner_changed")
async def tell_owners(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The old and the new owner learn it, unless they did it themselves; who had the lead on a screen sees it."""
    row = await announce.current(session, event.subject_id)
    owner, changed_by = UUID(event.payload["owner_id"]), UUID(event.payload["changed_by"])
    previous = UUID(event.payload["previous_owner_id"]) if event.payload["previous_owner_id"] else None
    params = {**snapshot(row), "owner": row.owner_name, "reason": event.payload["reason"], "note": event.payload["note"]}
    watchers = [UUID(person) for person in event.payload.get("watchers", [])]
    region = event.payload.get("region_id")
    giving = [] if previous else await announce.who_give_out(session, UUID(region) if region else None, now)
    shown = [owner, previous, changed_by, *watchers, *giving]
    await announce.show(session, shown, "lead.changed", row, now)
    if previous is None:
        await announce.left_pool(session, row, UUID(region) if region else None, now)
    await announce.show(session, [owner], "lead.assigned", row, now)
    notices = []
    if owner != changed_by:
        script = await script_with_news(session, row, row.owner_name, row.assigned_at) if owner == row.owner_id else {}
        notices.append(announce.notice([owner], "lead.given_to_you", row.id, params | script))
    if previous is not None and previous != changed_by:
        notices.append(announce.notice([previous], "lead.taken_from_you", row.id, params))
    await notify(session, *notices, now=now)


@handles("lead.assigned")
async def show_left_pool(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """A lead that waited without an owner leaves the screens of those who could give it out, or claim it."""
    if not event.payload.get("left_pool"):
        return
    row = await announce.current(session, event.subject_id)
    shown = [UUID(event.payload["owner_id"]), *await announce.who_give_out(session, row.region_id, now)]
    await announce.show(session, shown, "lead.changed", row, now)
    await announce.left_pool(session, row, row.region_id, now)


@handles("record.merged")
async def tell_of_merge(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Whoever owned the lead that is part of another one now learns who goes on with it."""
    if event.payload["subject_type"] != SUBJECT:
        return
    loser, survivor = await announce.current(session, UUID(event.payload["loser_id"])), await announce.current(session, event.subject_id)
    await announce.show(session, [loser.owner_id, survivor.owner_id], "lead.changed", survivor, now)
    if loser.owner_id is None or loser.owner_id in {survivor.owner_id, UUID(event.payload["merged_by"])}:
        return
    params = {**snapshot(loser), "owner": survivor.owner_name}
    await notify(session, announce.notice([loser.owner_id], "lead.merged_away", loser.id, params), now=now)


@handles("lead.reclaimed")
async def tell_former_owner(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    former = UUID(event.payload["former_owner_id"])
    await announce.show(session, [former], "lead.changed", row, now)
    await notify(session, announce.notice([former], "lead.reclaimed", row.id, snapshot(row)), now=now)


@handles("lead.protected")
async def refresh_owner(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    await announce.show(session, [row.owner_id], "lead.changed", row, now)


@handles("lead.converted")
async def tell_of_conversion(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The owners of lead and customer learn it, unless they did it themselves."""
    row, customer = await announce.current(session, event.subject_id), await customers.current(session, UUID(event.payload["customer_id"]))
    await announce.show(session, [UUID(person) for person in event.payload["watchers"]], "lead.changed", row, now)
    await customers.show(session, customer, now)
    people = {row.owner_id, customer.owner_id} - {None, UUID(event.payload["converted_by"])}
    params = {**snapshot(row), "customer": customer.name}
    await notify(session, announce.notice(people, "lead.converted", row.id, params), now=now)


@handles("lead.followed_up")
@handles("lead.disqualified")
@handles("lead.reopened")
async def refresh_screens(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    await announce.show(session, [UUID(person) for person in event.payload["watchers"]], "lead.changed", row, now)


@handles("document.added")
@handles("document.version_added")
@handles("document.changed")
@handles("document.withdrawn")
async def show_document(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    if event.payload["subject_type"] == SUBJECT:
        row = await announce.with_watchers(session, event.subject_id)
        await announce.show(session, watchers_of(row), "lead.changed", row, now)


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
assert filing.admit is not None  # noqa: S101 - the same: it registers how files are kept with its records
