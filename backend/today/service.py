"""VIEW-1: the list of the person who asks."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import reading as contracts
from backend.core.clock import company_day
from backend.customers import reading as customers
from backend.customers.schemas import ChangeRequestOut
from backend.deadlines.company_calendar import calendar_warnings
from backend.identity.deps import Actor
from backend.leads.cards import card, load_scripts, script_values, standing
from backend.leads.rules import PERMISSION, Action, LeadState, actions_for
from backend.leads.scripts import Script, best_script, used_values
from backend.operations.service import count_dead
from backend.opportunities import reading as opportunities
from backend.opportunities.rules import Clocks
from backend.support import reading as support
from backend.support.schemas import SupportCard
from backend.today import queries
from backend.today.rules import CODES, MOST_ITEMS, ORDER, NoticeCode, TodayKind, contract_reason, customer_reason, deal_reason, reason
from backend.today.schemas import Today, TodayItem, TodayNotice, TodayScript

KINDS = tuple(TodayKind)
NOTHING: dict[str, Any] = {"script_id": None, "script_values": {}, "due_at": None, "actions": []}
SOME_DAY = datetime.max.replace(tzinfo=UTC)


async def today(session: AsyncSession, actor: Actor, now: datetime, only: TodayKind | None) -> Today:
    gives = queries.gives_out(actor.may(PERMISSION[Action.REASSIGN]), "company" in actor.reaches)
    rows = (await session.execute(queries.today(actor.id, now, gives, only))).all()
    scripts = await load_scripts(session) if rows else []
    items = [_lead(row, actor, scripts, now) for row in rows]
    items += [_customer(row, now) for row in await session.execute(queries.todays_customers(actor.id, now, only))]
    clocks = await opportunities.clocks_of(session)
    items += [_deal(row, clocks, now) for row in await session.execute(queries.todays_deals(actor.id, clocks, now, only))]
    if only in {None, TodayKind.DELIVERY}:
        day = company_day(now)
        items += [_contract(row, day, now) for row in await session.execute(queries.todays_contracts(actor.id, day))]
    if only in {None, TodayKind.APPROVAL}:
        items += [_request(request) for request in await customers.waiting_requests(session, actor, MOST_ITEMS)]
    if only in {None, TodayKind.SUPPORT}:
        items += [_support(request) for request in await support.waiting(session, actor, MOST_ITEMS)]
    items = sorted(items, key=lambda item: (ORDER[item.kind], item.due_at or SOME_DAY))[:MOST_ITEMS]
    used = {item.script_id for item in items}
    return Today(
        generated_at=now,
        notices=await _notices(session, actor, now),
        items=items,
        counts=await _counts(session, actor, clocks, now, gives),
        scripts=[TodayScript(id=script.id, title=script.title, body=script.body) for script in scripts if script.id in used],
    )


async def _counts(session: AsyncSession, actor: Actor, clocks: Clocks, now: datetime, gives: ColumnElement[bool]) -> dict[TodayKind, int]:
    """Of all there is, however long the list."""
    waiting = {
        TodayKind.APPROVAL: await customers.count_waiting(session, actor),
        TodayKind.SUPPORT: await support.count_waiting(session, actor),
    }
    placed = Counter[TodayKind](waiting)
    placed[TodayKind.DELIVERY] = await session.scalar(queries.contract_count(actor.id, company_day(now))) or 0
    all_counts = (queries.counts(actor.id, now, gives), queries.customer_counts(actor.id, now), queries.deal_counts(actor.id, clocks, now))
    for query in all_counts:
        placed.update({KINDS[place]: count for place, count in await session.execute(query) if place is not None})
    return {kind: placed[kind] for kind in KINDS}


async def _notices(session: AsyncSession, actor: Actor, now: datetime) -> list[TodayNotice]:
    """Nobody else is bothered with what only an administrator can mend."""
    found = []
    if actor.may("settings.manage"):
        warnings = await calendar_warnings(session, now)
        found += [TodayNotice(code=NoticeCode.CALENDAR_YEAR_MISSING, params={"year": warning.year}) for warning in warnings]
    if actor.may("events.manage") and (count := await count_dead(session)):
        found.append(TodayNotice(code=NoticeCode.DEAD_EVENTS, params={"count": count}))
    return found


def _lead(row: Any, actor: Actor, scripts: Sequence[Script], now: datetime) -> TodayItem:
    kind = KINDS[row.place]
    script = best_script(scripts, source=row.source, product_line=row.product_line) if row.state == LeadState.ASSIGNED else None
    fields = {
        "kind": kind,
        "why": reason(kind, row, now),
        "due_at": row.due_at,
        "lead": card(row),
        "script_id": script.id if script else None,
        "script_values": used_values(script.body, script_values(row, actor.name)) if script else {},
        "actions": actions_for(standing(row, actor), LeadState(row.state)),
    }
    return TodayItem.model_validate({**NOTHING, **fields})


def _request(request: ChangeRequestOut) -> TodayItem:
    params = {"by": request.requested_by.name, "since": request.requested_at, "reason": request.reason}
    why = {"code": CODES[TodayKind.APPROVAL], "params": params}
    return TodayItem.model_validate({**NOTHING, "kind": TodayKind.APPROVAL, "why": why, "change_request": request})


def _support(request: SupportCard) -> TodayItem:
    params = {"by": request.asked_by.name, "since": request.asked_at, "need": request.need, "round": request.round}
    why = {"code": CODES[TodayKind.SUPPORT], "params": params}
    return TodayItem.model_validate(
        {**NOTHING, "kind": TodayKind.SUPPORT, "why": why, "support_request": request, "due_at": request.due_at}
    )


def _deal(row: Any, clocks: Clocks, now: datetime) -> TodayItem:
    """Owner and backup may always log a follow-up."""
    kind = KINDS[row.place]
    fields = {"kind": kind, "why": deal_reason(kind, row, now), "opportunity": opportunities.card(row, clocks, now)}
    return TodayItem.model_validate({**NOTHING, **fields, "actions": [Action.LOG_FOLLOW_UP], "due_at": row.next_step_at})


def _contract(row: Any, day: date, now: datetime) -> TodayItem:
    fields = {"kind": TodayKind.DELIVERY, "why": contract_reason(row, day), "contract": contracts.card(row, now)}
    return TodayItem.model_validate({**NOTHING, **fields})


def _customer(row: Any, now: datetime) -> TodayItem:
    """Owner and backup may always log a follow-up: they hold the customer."""
    kind = KINDS[row.place]
    fields = {"kind": kind, "why": customer_reason(kind, row, now), "customer": customers.card(row), "actions": [Action.LOG_FOLLOW_UP]}
    return TodayItem.model_validate({**NOTHING, **fields, "due_at": row.next_step_at if kind is TodayKind.TO_FOLLOW else None})
