"""What people read of e-mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.core.schemas import named
from backend.correspondence import addresses, queries, rules, writing
from backend.correspondence.models import EmailFile
from backend.correspondence.rules import EmailState, TrayView
from backend.correspondence.schemas import EmailCard, EmailFileOut, EmailOut, EmailThread, Mailing, TraySummary
from backend.documents import subjects
from backend.documents.rules import MOST_PLACES
from backend.identity.deps import Actor


def card_fields(row: Any, of: str | None = None) -> dict[str, Any]:
    """A row of `queries.cards` as the fields of a card."""
    fields = dict(row._mapping)
    return {
        **fields,
        "sender": {"address": row.from_address, "name": row.from_name},
        "to": row.to_people,
        "cc": row.cc_people,
        "person": named(row.person_id, row.person_name),
        "contact": named(row.contact_id, row.contact_name),
        "of": of,
    }


async def page(session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID, cursor: str | None, limit: int) -> Page[EmailCard]:
    """Of a record and of those that belong on its page (marked with their names), the newest first."""
    places = await subjects.places(session, actor, subject_type, subject_id)
    shape = ("emails", subject_type, subject_id)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    names = {place.id: place.name for place in places[:MOST_PLACES]}
    rows = (await session.execute(queries.page(list(names), after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.at, row.id), shape)
    return Page[EmailCard](
        items=[EmailCard.model_validate(card_fields(row, names.get(row.subject_id))) for row in shown], next_cursor=next_cursor
    )


def _whose(actor: Actor) -> UUID | None:
    """Who sorts sees the whole tray."""
    return None if actor.may(rules.SORTS) else actor.id


async def tray(session: AsyncSession, actor: Actor, view: TrayView, cursor: str | None, limit: int) -> Page[EmailCard]:
    """What one may sort: all of it, or what came by one's own address."""
    shape = ("email_tray", view.value)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.tray(EmailState(view.value), _whose(actor), after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.at, row.id), shape)
    return Page[EmailCard](items=[EmailCard.model_validate(card_fields(row)) for row in shown], next_cursor=next_cursor)


async def summary(session: AsyncSession, actor: Actor) -> TraySummary:
    return TraySummary(sorting=await session.scalar(queries.waiting(_whose(actor))) or 0)


async def row_of(session: AsyncSession, email_id: UUID) -> Any:
    """404 when the letter is not visible."""
    row = (await session.execute(queries.one(email_id))).first()
    if row is None:
        raise NotFound
    return row


async def email(session: AsyncSession, actor: Actor, email_id: UUID) -> EmailOut:
    return (await _whole(session, actor, [await row_of(session, email_id)]))[0]


async def thread(session: AsyncSession, actor: Actor, thread_id: UUID) -> EmailThread:
    """404 where one may see none of its letters."""
    rows = (await session.execute(queries.thread(thread_id))).all()
    if not rows:
        raise NotFound
    return EmailThread(thread_id=thread_id, items=await _whole(session, actor, rows[::-1]))


async def _whole(session: AsyncSession, actor: Actor, rows: Sequence[Any]) -> list[EmailOut]:
    found: dict[UUID, list[EmailFile]] = {row.id: [] for row in rows}
    for one in await session.scalars(queries.files(list(found))):
        found[one.email_id].append(one)
    standings: dict[UUID | None, bool] = {}
    for row in rows:
        if row.subject_id not in standings:
            standings[row.subject_id] = await writing.writes(session, actor, row)
    return [_email(row, found[row.id], writing.standing(actor, row, writes=standings[row.subject_id])) for row in rows]


def _email(row: Any, files: Sequence[EmailFile], standing: rules.Standing) -> EmailOut:
    state = EmailState(row.state)
    delivery = {name: getattr(row, name) for name in ("attempts", "next_at", "last_error")}
    more = {
        "filed_by": named(row.filed_by, row.filer_name),
        "has_source": row.raw_sha256 is not None,
        "delivery": delivery if row.attempts is not None else None,
        "attachments": [EmailFileOut.model_validate(one) for one in files],
        "actions": sorted(rules.actions_for(standing, state, has_record=row.subject_id is not None)),
    }
    return EmailOut.model_validate(card_fields(row) | more)


async def file(session: AsyncSession, file_id: UUID) -> EmailFile:
    """404 when it is not visible, or nobody should open it."""
    found = await session.scalar(queries.file(file_id))
    if found is None or found.refused is not None:
        raise NotFound
    return found


async def mailing(session: AsyncSession, actor: Actor, now: datetime) -> Mailing:
    settings = get_settings()
    can_send = bool(settings.smtp_host)
    return Mailing(
        can_send=can_send,
        can_receive=bool(settings.dropbox_address),
        from_address=addresses.company_address() if can_send else None,
        left_today=await writing.left_today(session, actor.id, now),
        most_attached_bytes=rules.MOST_ATTACHED_BYTES,
        may_sort=actor.may(rules.SORTS),
    )
