"""VIEW-1: the list of the person who asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines.company_calendar import calendar_warnings
from backend.identity.deps import Actor
from backend.leads.cards import card, load_scripts, script_values, standing
from backend.leads.rules import PERMISSION, Action, LeadState, actions_for
from backend.leads.scripts import Script, best_script, used_values
from backend.operations.service import count_dead
from backend.today import queries
from backend.today.rules import NoticeCode, TodayKind, reason
from backend.today.schemas import Today, TodayItem, TodayNotice, TodayScript

KINDS = tuple(TodayKind)


async def today(session: AsyncSession, actor: Actor, now: datetime, only: TodayKind | None) -> Today:
    gives = queries.gives_out(actor.may(PERMISSION[Action.REASSIGN]), "company" in actor.reaches)
    rows = (await session.execute(queries.today(actor.id, now, gives, only))).all()
    scripts = await load_scripts(session) if rows else []
    items = [_item(row, actor, scripts, now) for row in rows]
    placed = {KINDS[place]: count for place, count in await session.execute(queries.counts(actor.id, now, gives)) if place is not None}
    used = {item.script_id for item in items}
    return Today(
        generated_at=now,
        notices=await _notices(session, actor, now),
        items=items,
        counts={kind: placed.get(kind, 0) for kind in KINDS},
        scripts=[TodayScript(id=script.id, title=script.title, body=script.body) for script in scripts if script.id in used],
    )


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
    script = best_script(scripts, source=row.source, product_line=row.product_line) if row.state == LeadState.ASSIGNED else None
    return TodayItem.model_validate(
        {
            "kind": kind,
            "why": reason(kind, row, now),
            "due_at": row.due_at,
            "lead": card(row),
            "script_id": script.id if script else None,
            "script_values": used_values(script.body, script_values(row, actor.name)) if script else {},
            "actions": actions_for(standing(row, actor), LeadState(row.state)),
        }
    )
