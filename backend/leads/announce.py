"""Who is told what about a lead: bell, channels and open screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.queries import administrators
from backend.leads import queries, rules, wordings
from backend.leads.cards import card, snapshot
from backend.leads.first_contact import first_contact_due, script_with_news
from backend.leads.models import Lead
from backend.leads.rules import Choice, LeadState
from backend.leads.schemas import LeadCard
from backend.notifications.service import Notice, emit_live, notify


def notice(people: Iterable[UUID], kind: str, lead_id: UUID, params: dict[str, Any], **more: Any) -> Notice:
    """One about a lead."""
    return Notice(people, kind, params, rules.SUBJECT, lead_id, **more)


async def assigned(session: AsyncSession, lead: Any, owner_id: UUID, choice: Choice, now: datetime) -> None:
    """The new owner's bell and screen, from the row that the assignment read."""
    owner_name, due_at = choice.params["person"], await first_contact_due(session, now)
    params = {**snapshot(lead), "reason": choice.reason, "due_at": _iso(due_at), "known_by": wordings.known_by(choice.reason)}
    params |= await script_with_news(session, lead, owner_name, now)
    fields = {
        **vars(lead),
        "number": rules.lead_number(lead.number),
        "state": LeadState.ASSIGNED,
        "owner": {"id": owner_id, "name": owner_name},
        "region": {"id": lead.region_id, "name": lead.region_name},
        "assigned_at": now,
        "follow_up_due_at": due_at,
        "returns_to_pool_at": None,
        "escalation_level": 0,
        "version": lead.version + 1,
    }
    shown = LeadCard.model_validate(fields).model_dump(mode="json")
    await notify(session, notice([owner_id], "lead.assigned", lead.id, params, shows=("lead.assigned", shown)), now=now)


async def pooled(session: AsyncSession, lead: Any, choice: Choice, now: datetime) -> None:
    asked = list(await session.scalars(administrators(now)))
    shown = ("lead.changed", card(await current(session, lead.id)).model_dump(mode="json"))
    await notify(session, notice(asked, "lead.pooled", lead.id, {**snapshot(lead), "reason": choice.reason}, shows=shown), now=now)


async def who_give_out(session: AsyncSession, region_id: UUID | None, now: datetime) -> list[UUID]:
    """`queries.GIVING_OUT`."""
    return list(await session.scalars(queries.GIVING_OUT, {"region": region_id, "now": now}))


async def left_pool(session: AsyncSession, row: Any, region_id: UUID | None, now: datetime) -> None:
    """The row leaves the screens of those who could have claimed it, however many they are: one event on the feed of the pool."""
    if region_id is not None:
        await emit_live(session, [region_id], "lead.left_pool", {"id": row.id}, now)


async def current(session: AsyncSession, lead_id: UUID) -> Any:
    """The lead's card row as it now stands."""
    return (await session.execute(queries.cards().where(Lead.id == lead_id))).one()


async def with_watchers(session: AsyncSession, lead_id: UUID) -> Any:
    """The same, with all who work with it (`service.watchers_of`)."""
    more = (Lead.backup_owner_id, Lead.escalated_to_id, queries.Owner.supervisor_id)
    return (await session.execute(queries.cards(*more).where(Lead.id == lead_id))).one()


async def show(session: AsyncSession, people: Iterable[UUID | None], kind: str, row: Any, now: datetime) -> None:
    """The card on the open screens of these people."""
    await emit_live(session, [person for person in people if person is not None], kind, card(row).model_dump(mode="json"), now)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
