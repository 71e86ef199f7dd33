"""Rights, locks and writes of letters that all use cases share."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import company_day, company_zone
from backend.core.config import get_settings
from backend.core.errors import Forbidden, NotFound, Refused
from backend.correspondence import queries, rules
from backend.correspondence.models import EmailMessage
from backend.correspondence.rules import EmailAction, EmailDirection, EmailState, Standing
from backend.documents import subjects
from backend.duplicates.keys import email_key
from backend.identity.deps import Actor


async def left_today(session: AsyncSession, person_id: UUID, now: datetime) -> int:
    """How many letters a person may still write on the company's present day."""
    midnight = datetime.combine(company_day(now), time(), company_zone())
    return rules.left_of(get_settings().emails_per_day, await session.scalar(queries.written_since(person_id, midnight)) or 0)


async def writes(session: AsyncSession, actor: Actor, row: Any) -> bool:
    """Whether this actor may write on the record that a letter lies with."""
    return row.subject_id is not None and await subjects.of(row.subject_type).works(session, actor, row.subject_id)


def standing(actor: Actor, row: Any, *, writes: bool) -> Standing:
    return Standing(writes, actor.may(rules.SORTS), row.person_id == actor.id)


async def allowed(session: AsyncSession, actor: Actor, email_id: UUID, action: EmailAction) -> Any:
    """The letter's row, locked, when this actor may do this now: 404 unseen, 403 not allowed, 409 where its state forbids."""
    row = (await session.execute(queries.one(email_id))).first()
    if row is None:
        raise NotFound
    may = standing(actor, row, writes=await writes(session, actor, row))
    if not any(action in rules.actions_for(may, state, has_record=has) for state in EmailState for has in (True, False)):
        raise Forbidden("not_your_email", "Only who works with its record, sorts the tray or had it sent may do this.", action=action.value)
    await session.execute(select(EmailMessage.id).where(EmailMessage.id == email_id).with_for_update())
    row = (await session.execute(queries.one(email_id))).first()
    if row is None:
        raise NotFound
    if action not in rules.actions_for(may, EmailState(row.state), has_record=row.subject_id is not None):
        raise Refused("email_state_forbids", "The e-mail has been filed, put aside or sent meanwhile.", state=row.state)
    return row


async def write(session: AsyncSession, email_id: UUID, values: Mapping[str, Any]) -> None:
    """Sets columns of a letter that is locked; its version rises."""
    changed = {**values, "version": EmailMessage.version + 1}
    statement = update(EmailMessage).where(EmailMessage.id == email_id).values(changed)
    await session.execute(statement.execution_options(synchronize_session=False))


def outside_keys(row: Any) -> list[str]:
    """The addresses of the other side, as keys: who wrote a letter that came in, whom a letter of ours is for."""
    people = [{"address": row.from_address}] if row.direction == EmailDirection.IN else [*row.to_people, *row.cc_people]
    return [key for person in people if (key := email_key(person["address"]))]
