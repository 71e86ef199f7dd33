"""VIEW-1: what Today holds, told once on each working morning: what first, and why; nothing to those who have nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.deadlines import dailies
from backend.deadlines.rules import DailyKind
from backend.identity.deps import act_for
from backend.identity.models import Person
from backend.identity.queries import works_at
from backend.integrations.smtp.settings import mail_server
from backend.notifications.models import Channel
from backend.notifications.service import Mailing, Notice, notify
from backend.today import digest_words, service

KIND = DailyKind.DIGEST


@dataclass(frozen=True)
class Reader:
    """Somebody who works today, and the ways to them; `is_bound`: DingTalk can show them what a robot says."""

    id: UUID
    email: str | None
    is_english: bool
    is_bound: bool


async def plan(session: AsyncSession, now: datetime) -> tuple[date, Sequence[Reader]] | None:
    """Today's run, when its hour has come and it has not come to its end; who is on leave is left in peace."""
    day = await dailies.to_do(session, KIND, now)
    if day is None:
        return None
    own = select(Channel.id).where(Channel.person_id == Person.id, Channel.is_active).exists()
    is_bound = or_(Person.dingtalk_mobile.is_not(None), own).label("is_bound")
    rows = await session.execute(select(Person.id, Person.email, Person.locale, is_bound).where(works_at(Person, now)).order_by(Person.id))
    return day, [Reader(row.id, row.email, row.locale.startswith("en"), row.is_bound) for row in rows]


async def send(session: AsyncSession, day: date, reader: Reader, now: datetime, real_now: datetime) -> bool:
    """One person's digest, in one transaction with the row that makes it the only one of that day; False when there is nothing to say, or it
    was said before.
    """
    if not await dailies.take(session, KIND, day, reader.id, now):
        return False
    actor = await act_for(session, reader.id, real_now)
    if actor is None:
        return False
    today = await service.today(session, actor, now, None)
    if not today.items:
        return False
    settings = get_settings()
    mail = None
    if reader.email and mail_server(settings):
        mail = Mailing(digest_words.letter(today, day, settings.public_url, is_english=reader.is_english))
    params = {"count": sum(today.counts.values()), "first": digest_words.name_of(today.items[0])}
    notice = Notice([reader.id], KIND.value, params, "today", None, through_channels=reader.is_bound, mail=mail)
    await notify(session, notice, now=now)
    return True


async def finish(session: AsyncSession, day: date, now: datetime) -> None:
    await dailies.finish(session, KIND, day, now)
