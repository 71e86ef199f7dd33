"""A letter of ours came back: it failed after all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.correspondence import machines, rules, writing
from backend.correspondence.events import EmailFailed
from backend.correspondence.models import EmailMessage
from backend.correspondence.parsing import Parsed
from backend.correspondence.rules import EmailReason, EmailState


async def settle(session: AsyncSession, parsed: Parsed, now: datetime) -> None:
    """The newest of our letters that it speaks of is marked as failed, once."""
    bounce = machines.bounce_of(parsed)
    if bounce is None or not bounce.message_ids:
        return
    table = EmailMessage
    ours = table.message_id.in_(bounce.message_ids[: rules.MOST_REFERENCES]), table.state == EmailState.SENT
    columns = table.id, table.subject_type, table.subject_id
    row = (await session.execute(select(*columns).where(*ours).order_by(table.at.desc()).limit(1).with_for_update())).first()
    if row is None:
        return
    reason = EmailReason.BOUNCED.value
    await writing.write(session, row.id, {"state": EmailState.FAILED.value, "reason": reason, "detail": bounce.said})
    await outbox.add(session, EmailFailed(row.id, row.subject_type, row.subject_id, reason, bounce.said), now)
