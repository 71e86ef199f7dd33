"""The list of leads."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.listing import Listing
from backend.core.pagination import ListCount, Page
from backend.leads import queries
from backend.leads.cards import card
from backend.leads.finding import KEY_KINDS, NUMBERED, LeadFilter, Sort
from backend.leads.models import Lead
from backend.leads.schemas import LeadCard

LEADS = Listing("leads", Lead, queries.cards, KEY_KINDS, NUMBERED)


def conditions(wanted: LeadFilter, now: datetime) -> dict[str, Any]:
    """What narrows the list at this moment; 422 when the search is too short."""
    return LEADS.conditions(wanted) | ({"now": now.isoformat()} if wanted.is_overdue is not None else {})


async def page(
    session: AsyncSession, scope: str, wanted: LeadFilter, sort: Sort, cursor: str | None, limit: int, now: datetime
) -> Page[LeadCard]:
    rows, next_cursor = await LEADS.page(session, scope, conditions(wanted, now), sort, cursor, limit)
    return Page[LeadCard](items=[card(row) for row in rows], next_cursor=next_cursor)


async def count(session: AsyncSession, wanted: LeadFilter, now: datetime) -> ListCount:
    return await LEADS.count(session, conditions(wanted, now))
