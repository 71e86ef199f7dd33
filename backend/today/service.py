"""VIEW-1: the list of the person who asks."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines.company_calendar import calendar_warnings
from backend.identity.deps import Actor
from backend.leads.cards import card, load_scripts, script_for, standing
from backend.leads.rules import LeadState, actions_for
from backend.leads.scripts import Script
from backend.operations.service import count_dead
from backend.today import queries
from backend.today.rules import NoticeCode, TodayKind, reason
from backend.today.schemas import Today, TodayItem, TodayNotice

KINDS = tuple(TodayKind)


async def today(session: AsyncSession, actor: Actor, now: datetime) -> Today:
    rows = (await session.execute(queries.today(actor.id, now))).all()
    scripts = await load_scripts(session) if rows else []
    items = [_item(row, actor, scripts, now) for row in rows]
    counts = Counter(item.kind for item in items)
    notices = await _notices(session, actor, now)
    return Today(generated_at=now, notices=notices, items=items, counts={kind: counts[kind] for kind in KINDS})


async def _notices(session: AsyncSession, actor: Actor, now: datetime) -> list[TodayNotice]:
    """Nobody else is bothered with what only an administrator can mend."""
    found = []
    if actor.may("settings.manage"):
        warnings = await calendar_warnings(session, now)
        found += [TodayNotice(code=NoticeCode.CALENDAR_YEAR_MISSING, params={"year": warning.year}) for warning in warnings]
    if actor.may("events.manage") and (count := await count_dead(session)):
        found.append(TodayNotice(code=NoticeCode.DEAD_EVENTS, params={"count": count}))
    return found


def _item(row: Any, actor: Actor, scripts: Sequence[Script], now: datetime) -> TodayItem:
    kind = KINDS[row.place]
    return TodayItem.model_validate(
        {
            "kind": kind,
            "why": reason(kind, row, now),
            "due_at": row.due_at,
            "lead": card(row),
            "script": script_for(scripts, row, actor.name) if row.state == LeadState.ASSIGNED else None,
            "actions": actions_for(standing(row, actor), LeadState(row.state)),
        }
    )
