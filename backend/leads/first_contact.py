"""LEAD-5: when a first contact is due, and how the script 首次联系话术 gets to the owner.

In working hours it comes with the news of the lead; out of them as a reminder of its own at the next opening.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import rulebook
from backend.deadlines.rules import FIRST_CONTACT, Recipient, asks_at_once, due_at
from backend.leads import rules
from backend.leads.cards import load_scripts, script_for
from backend.notifications.service import has_been_told

SKEW = timedelta(minutes=1)
"""How far the clocks of two hosts may lie apart."""


async def first_contact_due(session: AsyncSession, assigned_at: datetime) -> datetime | None:
    """When the superior will be asked, for a lead assigned at this moment."""
    book = await rulebook.load(session)
    rung = book.ladders[FIRST_CONTACT].rung(rules.DUE_RUNG)
    return due_at(rung, assigned_at, book.calendar) if rung else None


async def script(session: AsyncSession, lead: Any, owner_name: str | None) -> dict[str, Any]:
    """The params that hand the script over; it is None where none fits."""
    found = script_for(await load_scripts(session), lead, owner_name)
    return {"script": found.model_dump(mode="json") if found else None}


async def script_with_news(session: AsyncSession, lead: Any, owner_name: str | None, assigned_at: datetime) -> dict[str, Any]:
    """What the news of a lead carries: the script while people are at work, else nothing."""
    book = await rulebook.load(session)
    comes = asks_at_once(book.ladders[FIRST_CONTACT], Recipient.OWNER, "assigned", assigned_at, book.calendar)
    return await script(session, lead, owner_name) if comes else {}


async def came_with_news(session: AsyncSession, lead_id: UUID, owner_id: UUID, base_at: datetime, due: datetime) -> bool:
    """Whether a rung need not speak: it is due at once, and the news of the lead has brought the owner the script."""
    return due <= base_at and await has_been_told(session, owner_id, rules.SUBJECT, lead_id, "script", base_at - SKEW)
