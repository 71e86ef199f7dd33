"""Who is told what about opportunities: bell, channels and open screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.notifications.service import Notice, emit_live
from backend.opportunities import queries, rules
from backend.opportunities.models import Opportunity
from backend.opportunities.reading import card, clocks_of


def notice(people: Iterable[UUID], kind: str, row: Any, **params: Any) -> Notice:
    """One about an opportunity."""
    snapshot = {"number": rules.opportunity_number(row.number), "opportunity": row.name, "customer": row.customer_name, **params}
    return Notice(people, kind, snapshot, rules.SUBJECT, row.id)


async def current(session: AsyncSession, opportunity_id: UUID) -> Any:
    """The card's row as it now stands, with its owner's supervisor."""
    return (await session.execute(queries.cards(queries.Owner.supervisor_id).where(Opportunity.id == opportunity_id))).one()


async def show(session: AsyncSession, row: Any, now: datetime, *more: UUID | None) -> None:
    """The card on the open screens of those who work with the opportunity."""
    people = [person for person in (row.owner_id, row.backup_owner_id, row.supervisor_id, *more) if person is not None]
    shown = card(row, await clocks_of(session), now).model_dump(mode="json")
    await emit_live(session, people, "opportunity.changed", shown, now)
