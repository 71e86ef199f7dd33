"""What technical support does when something has happened: news, the timeline, reminders, misses and the ledger (FLOW-9)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.ids import new_id
from backend.core.outbox import OutboxRow, handles
from backend.deadlines import rulebook
from backend.deadlines.rules import SUPPORT, Recipient
from backend.identity.models import Person
from backend.identity.queries import administrators
from backend.identity.superiors import superior_of
from backend.notifications.service import notify
from backend.support import announce, rules, wordings, writing
from backend.support.events import SupportMissed
from backend.support.models import SupportRecord, SupportRequest, SupportRound
from backend.support.rules import Record, SupportState

LEVELS = {Recipient.SUPERVISOR: 1, Recipient.SUPERVISOR_OF_SUPERVISOR: 2}


@handles("support.asked")
async def tell_engineer(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    await announce.show(session, row, now)
    if row.state == SupportState.ASKED and row.round == event.payload["round"]:
        kind = "support.asked" if row.round == 1 else "support.asked_again"
        await notify(session, announce.notice([row.engineer_id], kind, row, need=row.need), now=now)


@handles("support.answered")
async def tell_asker(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """The proposal is on the record's timeline, and what was promised is in the ledger."""
    row = await announce.current(session, event.subject_id)
    engineer, answered_at = UUID(event.payload["engineer_id"]), datetime.fromisoformat(event.payload["answered_at"])
    await _book(session, event, answered_at, now)
    by = {"id": str(engineer), "name": (await session.get_one(Person, engineer)).name}
    this_round = SupportRound.request_id == event.subject_id, SupportRound.number == event.payload["round"]
    said = await session.scalar(select(SupportRound.answer).where(*this_round))
    await writing.note(session, row, "support.answered", engineer, now, by=by, answer=said)
    await announce.show(session, row, now)
    owner = row.opportunity_owner_id or row.customer_owner_id
    await notify(session, announce.notice({row.asked_by, owner} - {engineer}, "support.answered", row), now=now)


async def _book(session: AsyncSession, event: OutboxRow, answered_at: datetime, now: datetime) -> None:
    """Kept in time, or too late; a miss that nobody has noted yet is noted with it. Both are of who held the request when its promise passed."""
    if event.payload["due_at"] is None:
        return
    due, asked = (datetime.fromisoformat(event.payload[name]) for name in ("due_at", "asked_at"))
    whose, of_round = UUID(event.payload.get("promised_by", event.payload["engineer_id"])), event.payload["round"]
    promise = {"engineer_id": whose, "request_id": event.subject_id, "round": of_round, "asked_at": asked, "due_at": due}
    if not rules.is_late(due, answered_at):
        await _enter(session, promise | {"kind": Record.KEPT.value, "answered_at": answered_at}, now)
        return
    await _enter(session, promise | {"kind": Record.MISSED.value}, now)
    calendar = (await rulebook.load(session)).calendar
    late = {"answered_at": answered_at, "late_minutes": round(rules.late_by(due, answered_at, calendar).total_seconds() / 60)}
    await _enter(session, promise | {"kind": Record.LATE.value, **late}, now)


async def _enter(session: AsyncSession, values: dict[str, Any], now: datetime) -> None:
    """One line of the ledger, once."""
    row = {"id": new_id(), "recorded_at": now, **values}
    await session.execute(insert(SupportRecord).values(row).on_conflict_do_nothing(index_elements=["request_id", "round", "kind"]))


@handles("deadline.fired")
async def press_for_answer(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Before the promise is missed the engineer is reminded; when it is, the superior learns and the ledger holds it."""
    if event.payload["ladder"] != SUPPORT:
        return
    locked = select(SupportRequest.state, SupportRequest.asked_at).where(SupportRequest.id == event.subject_id).with_for_update()
    found = (await session.execute(locked)).one()
    base_at, due = (datetime.fromisoformat(event.payload[name]) for name in ("base_at", "due_at"))
    if found.state != SupportState.ASKED or found.asked_at != base_at:
        return
    row = await announce.current(session, event.subject_id)
    if event.payload["rung"] == rules.DUE_RUNG:
        await _miss(session, row, due, now)
    who = Recipient(event.payload["who"])
    if who is Recipient.OWNER:
        await notify(session, announce.notice([row.engineer_id], "support.reminder", row), now=now)
        return
    superior = await superior_of(session, row.holder_id, None, LEVELS[who], now)
    asked = [superior[0]] if superior else list(await session.scalars(administrators(now)))
    is_urgent = event.payload["is_urgent"]
    people = {*asked, row.holder_id, row.engineer_id, row.asked_by}
    await notify(session, announce.notice(people, "support.missed", row, is_urgent=is_urgent, engineer=row.holder_name), now=now)
    await announce.show(session, row, now, *asked)


async def _miss(session: AsyncSession, row: Any, due: datetime, now: datetime) -> None:
    promise = {"engineer_id": row.holder_id, "request_id": row.id, "round": row.round, "asked_at": row.asked_at, "due_at": due}
    await _enter(session, promise | {"kind": Record.MISSED.value}, now)
    missed = update(SupportRequest).where(SupportRequest.id == row.id).values(missed_at=due, version=SupportRequest.version + 1)
    await session.execute(missed.execution_options(synchronize_session=False))
    engineer = {"id": str(row.holder_id), "name": row.holder_name}
    await writing.note(session, row, "support.missed", None, now, engineer=engineer)
    await outbox.add(session, SupportMissed(row.id, row.round), now)


@handles("support.closed")
async def tell_of_end(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    closer = await session.get_one(Person, UUID(event.payload["closed_by"]))
    await announce.show(session, row, now, closer.id)
    people = {row.engineer_id, row.asked_by} - {closer.id}
    await notify(session, announce.notice(people, f"support.{event.payload['state']}", row, closed_by=closer.name), now=now)


@handles("support.handed_over")
async def tell_successor(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    author, before = UUID(event.payload["handed_by"]), UUID(event.payload["from_id"])
    by = await session.get_one(Person, author)
    before_name = (await session.get_one(Person, before)).name
    to = {"id": str(row.engineer_id), "name": row.engineer_name}
    await writing.note(session, row, "support.handed_over", author, now, **{"from": {"id": str(before), "name": before_name}, "to": to})
    await announce.show(session, row, now, before)
    await notify(session, announce.notice([row.engineer_id], "support.handed_over", row, handed_by=by.name), now=now)


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
