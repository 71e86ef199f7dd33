"""A letter of ours came back: it failed after all."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.correspondence import machines, rules, writing
from backend.correspondence.events import EmailFailed
from backend.correspondence.models import EmailDelivery, EmailMessage
from backend.correspondence.parsing import Parsed
from backend.correspondence.rules import EmailReason, EmailState


async def settle(session: AsyncSession, parsed: Parsed, now: datetime) -> None:
    """The newest of our letters that it speaks of is marked as failed, once; tried again, it goes to those alone whom it did not reach."""
    bounce = machines.bounce_of(parsed)
    if bounce is None or not bounce.message_ids:
        return
    table = EmailMessage
    ours = table.message_id.in_(bounce.message_ids[: rules.MOST_REFERENCES]), table.state == EmailState.SENT
    columns = table.id, table.subject_type, table.subject_id, table.to_people, table.cc_people
    row = (await session.execute(select(*columns).where(*ours).order_by(table.at.desc()).limit(1).with_for_update())).first()
    if row is None:
        return
    everybody = [one["address"] for one in (*row.to_people, *row.cc_people)]
    returned = {one for one in everybody if one.lower() in bounce.recipients}
    if bounce.recipients and not returned:
        return  # of somebody whom the letter was not for
    had = await session.scalar(select(EmailDelivery.taken).where(EmailDelivery.email_id == row.id)) or []
    taken = [one for one in had if returned and one not in returned]
    await session.execute(
        update(EmailDelivery).where(EmailDelivery.email_id == row.id).values(taken=taken).execution_options(synchronize_session=False)
    )
    reason = EmailReason.BOUNCED.value
    await writing.write(session, row.id, {"state": EmailState.FAILED.value, "reason": reason, "detail": bounce.said})
    await outbox.add(session, EmailFailed(row.id, row.subject_type, row.subject_id, reason, bounce.said), now)
