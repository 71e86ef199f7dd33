"""What people do with letters that came in: file, put aside, take back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Refused
from backend.correspondence import queries, reading, rules, writing
from backend.correspondence.events import EmailFiled, EmailSorted, EmailTakenOut
from backend.correspondence.models import EmailMessage
from backend.correspondence.rules import EmailAction, EmailReason, EmailState
from backend.correspondence.schemas import EmailDiscard, EmailFiling, EmailOut
from backend.documents import subjects
from backend.identity.deps import Actor


async def file(session: AsyncSession, actor: Actor, email_id: UUID, body: EmailFiling, now: datetime) -> EmailOut:
    """To a record; what else of its thread waits in the tray follows. Who sorts the tray files with any record in sight, others with their own."""
    row = await writing.allowed(session, actor, email_id, EmailAction.FILE)
    await _admitted(session, actor, body)
    if row.subject_id == body.subject_id:
        raise Refused("filed_there", "The e-mail lies with this record already.")
    await put(session, row, body.subject_type, body.subject_id, EmailReason.BY_PERSON, now, by=actor.id)
    for other in await _of_thread(session, row):
        await put(session, other, body.subject_type, body.subject_id, EmailReason.BY_PERSON, now, by=actor.id)
    return await reading.email(session, actor, email_id)


async def _admitted(session: AsyncSession, actor: Actor, body: EmailFiling) -> None:
    if not await subjects.of(body.subject_type).works(session, actor, body.subject_id) and not actor.may(rules.SORTS):
        raise Forbidden("not_your_record", "Only its owner, backup, their superior or regional manager may file with this record.")


async def _of_thread(session: AsyncSession, row: Any) -> list[Any]:
    """The other letters of the thread that wait in the tray, locked."""
    table = EmailMessage
    others = table.thread_id == row.thread_id, table.state == EmailState.SORTING, table.subject_id.is_(None), table.id != row.id
    ids = list(await session.scalars(select(table.id).where(*others).order_by(table.id).limit(rules.MOST_OF_THREAD).with_for_update()))
    return [(await session.execute(queries.one(one))).one() for one in ids]


async def put(
    session: AsyncSession, row: Any, subject_type: str, subject_id: UUID, reason: EmailReason, now: datetime, *, by: UUID | None
) -> None:
    """The letter of this row lies with this record from now on; the rest follows from the event."""
    keys = [one for one in writing.outside_keys(row) if one]
    values = {
        "state": EmailState.FILED.value,
        "reason": reason.value,
        "detail": None,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "filed_by": by,
        "filed_at": now,
        "contact_id": await session.scalar(queries.contact_of(subject_type, subject_id, keys)),
    }
    await writing.write(session, row.id, values)
    await outbox.add(session, EmailFiled(row.id, subject_type, subject_id, by, row.subject_type, row.subject_id), now)


async def discard(session: AsyncSession, actor: Actor, email_id: UUID, body: EmailDiscard, now: datetime) -> EmailOut:
    """It belongs nowhere; it stays to be seen, with who put it aside and why."""
    await writing.allowed(session, actor, email_id, EmailAction.DISCARD)
    aside = {"state": EmailState.DISCARDED.value, "reason": EmailReason.DISCARDED.value, "detail": body.reason}
    await writing.write(session, email_id, aside | {"filed_by": actor.id, "filed_at": now})
    await outbox.add(session, EmailSorted(email_id, EmailState.DISCARDED.value, actor.id), now)
    return await reading.email(session, actor, email_id)


async def restore(session: AsyncSession, actor: Actor, email_id: UUID, now: datetime) -> EmailOut:
    """Back into the tray: what was put aside, or filed with the wrong record."""
    row = await writing.allowed(session, actor, email_id, EmailAction.RESTORE)
    back = {"state": EmailState.SORTING.value, "reason": EmailReason.TAKEN_OUT.value, "detail": None, "filed_by": actor.id, "filed_at": now}
    await writing.write(session, email_id, back | {"subject_type": None, "subject_id": None, "contact_id": None})
    if row.subject_id is None:
        await outbox.add(session, EmailSorted(email_id, EmailState.SORTING.value, actor.id), now)
    else:
        await outbox.add(session, EmailTakenOut(email_id, row.subject_type, row.subject_id, actor.id), now)
    return await reading.email(session, actor, email_id)
