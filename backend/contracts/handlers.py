"""What contracts do when something has happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import announce, opening, rules, wordings
from backend.contracts.models import DeliveryMilestone
from backend.contracts.reading import as_rules
from backend.contracts.rules import MilestoneState
from backend.core.clock import company_day
from backend.core.outbox import OutboxRow, handles
from backend.deadlines.rules import MILESTONE_LATE, Recipient
from backend.identity.queries import administrators
from backend.identity.superiors import superior_of
from backend.notifications.service import notify
from backend.pipelines.rules import Move

LEVELS = {Recipient.SUPERVISOR: 1, Recipient.SUPERVISOR_OF_SUPERVISOR: 2}


@handles("opportunity.stage_changed")
async def follow_deal(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Won: there is a contract to sign. Taken up again: there is none."""
    if event.payload["move"] == Move.WON:
        await opening.open_for(session, event.subject_id, now)
    elif event.payload["move"] == Move.REOPENED:
        await opening.void_for(session, event.subject_id, now)


@handles("contract.opened")
async def tell_owner(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    row = await announce.current(session, event.subject_id)
    await announce.show(session, row, now)
    await notify(session, announce.notice([row.owner_id], "contract.opened", row), now=now)


@handles("contract.signed")
@handles("contract.completed")
async def tell_of_step(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Owner, backup and superior learn it, but for who did it."""
    row = await announce.current(session, event.subject_id)
    by = UUID(event.payload["signed_by" if event.kind == "contract.signed" else "completed_by"])
    await announce.show(session, row, now, by)
    people = {row.owner_id, row.backup_owner_id, row.supervisor_id} - {None, by}
    await notify(session, announce.notice(people, event.kind, row), now=now)


@handles("contract.changed")
async def show_change(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await announce.show(session, await announce.current(session, event.subject_id), now)


@handles("deadline.fired")
async def warn_of_delay(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """A delivery is late: its owner is warned, later the superior (FLOW-8); what is done or was put off meanwhile warns nobody."""
    if event.payload["ladder"] != MILESTONE_LATE:
        return
    step = await session.get_one(DeliveryMilestone, event.subject_id, populate_existing=True)
    day = company_day(now)
    if rules.milestone_state(as_rules(step), day) is not MilestoneState.LATE:
        return
    row = await announce.current(session, step.contract_id)
    people = await _asked(session, row, Recipient(event.payload["who"]), now)
    params = {"milestone": step.title, "due_on": step.due_on.isoformat(), "days": (day - step.due_on).days}
    await announce.show(session, row, now)
    await notify(session, announce.notice(people, "milestone.late", row, is_urgent=True, **params), now=now)


async def _asked(session: AsyncSession, row: Any, who: Recipient, now: datetime) -> list[UUID]:
    if who is Recipient.OWNER:
        return [person for person in (row.owner_id, row.backup_owner_id) if person is not None]
    superior = await superior_of(session, row.owner_id, row.region_id, LEVELS[who], now)
    return [superior[0]] if superior else list(await session.scalars(administrators(now)))


assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
