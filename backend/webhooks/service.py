"""What the system does with what came into quarantine."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.notifications.queries import holders_of
from backend.notifications.service import Notice, notify
from backend.webhooks import queries
from backend.webhooks.models import Form
from backend.webhooks.rules import ANNOUNCE_EVERY


async def announce_quarantine(session: AsyncSession, form_id: UUID, now: datetime) -> int:
    """Tells marketing and administrators what is new in a form's quarantine, at most once in five minutes; returns how many."""
    name = await session.scalar(select(Form.name).where(Form.id == form_id).with_for_update(key_share=True))
    last = await session.scalar(queries.last_announced(form_id))
    if name is None or (last is not None and last > now - ANNOUNCE_EVERY):
        return 0
    reasons = (await session.scalars(queries.announce(form_id, now))).all()
    if reasons:
        codes = Counter(fault["code"] for reason in reasons for fault in (reason or {}).get("faults", []))
        params = {"form": name, "count": len(reasons), "codes": [code for code, _ in codes.most_common(5)]}
        people = list(await session.scalars(holders_of("submissions.read", now)))
        await notify(session, Notice(people, "submission.quarantined", params, "form", form_id), now=now)
    return len(reasons)
