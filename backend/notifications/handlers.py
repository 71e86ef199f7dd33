"""Open streams of a signed-out device close."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.identity.events import SessionsEnded
from backend.notifications.service import emit_live
from backend.notifications.stream import SESSION_ENDED


@handles(SessionsEnded.kind)
async def close_streams(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await emit_live(session, [event.subject_id], SESSION_ENDED, {"session_ids": event.payload["session_ids"]}, now)
