"""What people read of technical support."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.customers import reading as customers
from backend.customers.reading import named
from backend.customers.rules import customer_number
from backend.deadlines import rulebook
from backend.deadlines.rules import SUPPORT, due_at
from backend.identity.deps import Actor
from backend.opportunities import reading as opportunities
from backend.opportunities.rules import opportunity_number
from backend.support import queries, rules
from backend.support.models import SupportRequest
from backend.support.rules import Engineer, Standing, SupportState
from backend.support.schemas import Engineers, Performance, SupportCard, SupportRequestOut, SupportRequests

View = Literal["to_answer", "asked", "team"]
MOST_OF_RECORD = 50
MOST_MISSES = 200
LOOKED_BACK = timedelta(days=366)


async def facts_of(session: AsyncSession, rows: Sequence[Any]) -> dict[UUID, Any]:
    """What the reader may know of the records behind these requests without seeing them."""
    ids = [row.id for row in rows]
    return {row.request_id: row for row in await session.execute(queries.FACTS, {"ids": ids})} if ids else {}


def is_in_sight(row: Any) -> bool:
    """Whether the record behind the request of this row can be seen."""
    return (row.customer_name if row.opportunity_id is None else row.opportunity_name) is not None


def card_fields(row: Any, facts: Any) -> dict[str, Any]:
    """A row of `queries.requests` and one of `queries.FACTS` as the fields of a card."""
    deal = (
        (row.opportunity_number, row.opportunity_name)
        if row.opportunity_name or not facts
        else (facts.opportunity_number, facts.opportunity_name)
    )
    firm = (row.customer_number, row.customer_name) if row.customer_name or not facts else (facts.customer_number, facts.customer_name)
    is_of_deal = row.opportunity_id is not None
    return {
        **row._mapping,
        "number": rules.request_number(row.number),
        "opportunity": {"id": row.opportunity_id, "number": opportunity_number(deal[0]), "name": deal[1]}
        if is_of_deal and deal[1]
        else None,
        "customer": {"id": row.customer_id, "number": customer_number(firm[0]), "name": firm[1]} if firm[1] else None,
        "can_open": is_in_sight(row),
        "asked_by": named(row.asked_by, row.asker_name),
        "engineer": named(row.engineer_id, row.engineer_name),
    }


def card(row: Any, facts: Any) -> SupportCard:
    return SupportCard.model_validate(card_fields(row, facts))


async def cards(session: AsyncSession, rows: Sequence[Any]) -> list[SupportCard]:
    known = await facts_of(session, rows)
    return [card(row, known.get(row.id)) for row in rows]


async def request_row(session: AsyncSession, request_id: UUID) -> Any:
    """404 when the request is not visible."""
    row = (await session.execute(queries.requests().where(SupportRequest.id == request_id))).first()
    if row is None:
        raise NotFound
    return row


async def standing(session: AsyncSession, actor: Actor, row: Any) -> Standing:
    """How the actor stands to the request of this row; who works with its record stands in for who asked."""
    works_with = is_in_sight(row) and await _works_with(session, actor, row)
    return Standing(
        permissions=actor.permissions,
        is_engineer=row.engineer_id == actor.id,
        supervises_engineer=row.engineer_supervisor_id == actor.id,
        is_asker=row.asked_by == actor.id,
        works_with_record=works_with,
    )


async def _works_with(session: AsyncSession, actor: Actor, row: Any) -> bool:
    if row.opportunity_id is None:
        return customers.standing(await customers.detail_row(session, actor, row.customer_id), actor).works_with
    return opportunities.standing(await opportunities.detail_row(session, actor, row.opportunity_id), actor).works_with


async def request(session: AsyncSession, actor: Actor, request_id: UUID) -> SupportRequestOut:
    """With its rounds, and what the engineer needs to know of the record."""
    row = await request_row(session, request_id)
    facts = (await facts_of(session, [row])).get(request_id)
    shown = facts and {
        "product_line": facts.product_line,
        "need": facts.opportunity_need,
        "expected_close_on": facts.expected_close_on,
        "owner": facts.owner_name,
    }
    return SupportRequestOut.model_validate(
        {
            **card_fields(row, facts),
            "facts": shown,
            "rounds": [_round(one, row) for one in await session.execute(queries.rounds(request_id))],
            "actions": rules.actions_for(await standing(session, actor, row), SupportState(row.state)),
        }
    )


def _round(one: Any, row: Any) -> dict[str, Any]:
    """The promise of the present round may still move with the calendar; that of an answered one was kept with it."""
    is_present = one.number == row.round and one.answered_at is None
    people = {"asked_by": named(one.asked_by, one.asker_name), "answered_by": named(one.answered_by, one.answerer_name)}
    return {**one._mapping, **people, "due_at": row.due_at if is_present else one.due_at}


async def requests(session: AsyncSession, actor: Actor, view: View, cursor: str | None, limit: int) -> Page[SupportCard]:
    """What waits for one's answer, what one has asked, or what one's engineers were asked; the last asked first."""
    shape = ("support_requests", view, actor.id)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    wanted = {
        "to_answer": SupportRequest.engineer_id == actor.id,
        "asked": SupportRequest.asked_by == actor.id,
        "team": queries.of_team(actor.id),
    }[view]
    rows = (await session.execute(queries.page(wanted, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.asked_at, row.id), shape)
    return Page[SupportCard](items=await cards(session, shown), next_cursor=next_cursor)


async def of_opportunity(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> SupportRequests:
    await opportunities.detail_row(session, actor, opportunity_id)
    return await _of_record(session, SupportRequest.opportunity_id == opportunity_id)


async def of_customer(session: AsyncSession, actor: Actor, customer_id: UUID) -> SupportRequests:
    """Those of the customer itself and of the opportunities that one may see."""
    await customers.detail_row(session, actor, customer_id)
    return await _of_record(session, SupportRequest.customer_id == customer_id)


async def _of_record(session: AsyncSession, condition: Any) -> SupportRequests:
    rows = (await session.execute(queries.page(condition, None, MOST_OF_RECORD))).all()[:MOST_OF_RECORD]
    return SupportRequests(items=await cards(session, rows))


async def waiting(session: AsyncSession, actor: Actor, most: int) -> list[SupportCard]:
    """What waits for this engineer's answer, the nearest promise first."""
    return await cards(session, (await session.execute(queries.soonest(queries.to_answer(actor.id), most))).all())


async def count_waiting(session: AsyncSession, actor: Actor) -> int:
    return await session.scalar(select(func.count()).select_from(SupportRequest).where(queries.to_answer(actor.id))) or 0


async def candidates(session: AsyncSession, now: datetime) -> list[Engineer]:
    """Who can be asked, the present and least loaded first."""
    return rules.by_load(Engineer(**row._mapping) for row in await session.execute(queries.ENGINEERS, {"now": now}))


async def promised_by(session: AsyncSession, now: datetime) -> datetime | None:
    """By when a proposal is promised that is asked for at this moment."""
    book = await rulebook.load(session)
    rung = book.ladders[SUPPORT].rung(rules.DUE_RUNG)
    return due_at(rung, now, book.calendar) if rung else None


async def engineers(session: AsyncSession, actor: Actor, now: datetime) -> Engineers:
    """Empty for those who neither ask nor answer nor lead anybody."""
    found = [{**vars(one), "deputy": named(one.deputy_id, one.deputy_name)} for one in await candidates(session, now) if one.id != actor.id]
    return Engineers.model_validate({"items": found, "due_at": await promised_by(session, now)})


async def performance(session: AsyncSession, actor: Actor, now: datetime) -> Performance:
    """FLOW-9: the ledger, by engineer and month."""
    people = (await session.execute(queries.engineers_in_sight(actor.id))).all()
    rows = (await session.execute(queries.months(get_settings().company_zone))).all()
    names = {row.id: row.name for row in people} | {row.engineer_id: row.name for row in rows}
    waits = dict((await session.execute(queries.open_counts(list(names)))).tuples().all())
    by_engineer = {key: list(some) for key, some in groupby(rows, key=lambda row: row.engineer_id)}
    records = [
        {"engineer": named(key, name), "open_requests": waits.get(key, 0), "months": [_month(row) for row in by_engineer.get(key, [])]}
        for key, name in names.items()
    ]
    misses = (await session.execute(queries.misses(now - LOOKED_BACK, MOST_MISSES))).all()
    return Performance.model_validate({"engineers": records, "misses": [_miss(row) for row in misses]})


def _month(row: Any) -> dict[str, Any]:
    return {**row._mapping, "hit_rate": rules.hit_rate(row.kept, row.missed)}


def _miss(row: Any) -> dict[str, Any]:
    return {**row._mapping, "number": rules.request_number(row.number), "engineer": named(row.engineer_id, row.engineer_name)}
