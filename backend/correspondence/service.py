"""A letter is written here: kept with its record at once, sent by the worker (FLOW-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.db import after_commit
from backend.core.errors import Refused, TooLarge, TooMany, invalid
from backend.core.ids import new_id
from backend.core.locking import take_turns
from backend.core.wakeups import wake
from backend.correspondence import addresses, bodies, queries, reading, rules, writing
from backend.correspondence.events import EmailWritten
from backend.correspondence.models import EmailDelivery, EmailFile, EmailMessage
from backend.correspondence.rules import EmailAction, EmailDirection, EmailState
from backend.correspondence.schemas import EmailCreate, EmailOut, MailRecipient
from backend.documents import queries as document_queries
from backend.documents import service as documents
from backend.documents import subjects
from backend.documents.models import Document, DocumentVersion
from backend.duplicates.keys import email_key
from backend.identity.deps import Actor
from backend.integrations.smtp import wire

CHANNEL = "emails"


async def ring_postman() -> None:
    wake(CHANNEL)


@dataclass(frozen=True)
class _Answered:
    """The letter that this one answers, as far as it matters for the thread."""

    thread_id: UUID
    message_id: str
    references: Sequence[str]


async def send(session: AsyncSession, actor: Actor, body: EmailCreate, now: datetime) -> EmailOut:
    """A letter that waits for the worker; the record is the actor's to write on."""
    await subjects.of(body.subject_type).admit(session, actor, body.subject_id, now)
    if not get_settings().smtp_host:
        raise Refused("no_mail_server", "The installation has no mail server (CHENGDAN_SMTP_HOST); ask an administrator.")
    await take_turns(session, f"letters of {actor.id}")
    if await writing.left_today(session, actor.id, now) == 0:
        limit = get_settings().emails_per_day
        raise TooMany("email_limit", f"At most {limit} letters a day and person; write the others tomorrow.", limit=limit)
    answered = await _answered(session, actor, body)
    files = await _files(session, actor, body, now)
    email_id = new_id()
    values = await _columns(session, actor, email_id, body, answered, now)
    await session.execute(insert(EmailMessage).values(**values, files=len(files)).inline())
    rows = [{"id": new_id(), "email_id": email_id, "place": place, "is_inline": False, **one} for place, one in enumerate(files)]
    if rows:
        await session.execute(insert(EmailFile).values(rows).inline())
    await session.execute(insert(EmailDelivery).values(email_id=email_id).inline())
    await addresses.ensure_of_record(session, actor, body.subject_type, body.subject_id, now)
    await outbox.add(session, EmailWritten(email_id, body.subject_type, body.subject_id), now)
    after_commit(session, ring_postman, key=CHANNEL)
    return await reading.email(session, actor, email_id)


async def _columns(
    session: AsyncSession, actor: Actor, email_id: UUID, body: EmailCreate, answered: _Answered | None, now: datetime
) -> dict[str, Any]:
    own = wire.address(get_settings().smtp_from)
    message_id = f"{email_id}@{own.domain}"
    return {
        "id": email_id,
        "direction": EmailDirection.OUT.value,
        "state": EmailState.PENDING.value,
        "message_id": message_id,
        "thread_id": answered.thread_id if answered else email_id,
        "in_reply_to": answered.message_id if answered else None,
        "references_ids": rules.chain(answered.references, answered.message_id) if answered else [],
        "from_address": own.addr_spec,
        "from_name": actor.name,
        "to_people": [_person(one) for one in body.to],
        "cc_people": [_person(one) for one in body.cc],
        "subject": body.subject,
        "excerpt": bodies.excerpt(body.text),
        "text": body.text,
        "is_cut": False,
        "at": now,
        "person_id": actor.id,
        "contact_id": await _contact(session, body),
        "subject_type": body.subject_type,
        "subject_id": body.subject_id,
    }


def _person(one: MailRecipient) -> dict[str, str]:
    return {"address": one.address, "name": one.name}


async def _contact(session: AsyncSession, body: EmailCreate) -> UUID | None:
    """The contact that the first recipient is."""
    key = email_key(body.to[0].address)
    found: UUID | None = await session.scalar(queries.contact_of(body.subject_type, body.subject_id, [key] if key else []))
    return found


async def _answered(session: AsyncSession, actor: Actor, body: EmailCreate) -> _Answered | None:
    """422 where it is no letter on the record's page: an answer carries the conversation of what it answers."""
    if body.reply_to is None:
        return None
    places = await subjects.places(session, actor, body.subject_type, body.subject_id)
    table = EmailMessage
    lies = table.id == body.reply_to, table.subject_id.in_([place.id for place in places])
    row = (await session.execute(select(table.thread_id, table.message_id, table.references_ids).where(*lies))).first()
    if row is None:
        raise invalid("#/reply_to", "Choose an e-mail of this record.", "unknown")
    return _Answered(row.thread_id, row.message_id, row.references_ids)


async def _files(session: AsyncSession, actor: Actor, body: EmailCreate, now: datetime) -> list[dict[str, Any]]:
    """The files as `EmailFile` has them; uploads become documents of the record first. 413 where they are too large for one letter."""
    found = []
    for place, one in enumerate(body.attachments):
        if one.upload_id is not None:
            kind, upload = await documents.fitting(session, one.kind, one.upload_id, f"#/attachments/{place}")
            document_id = await documents.add(session, body.subject_type, body.subject_id, kind, upload, now, added_by=actor.id)
            version = await session.scalar(select(DocumentVersion).where(DocumentVersion.document_id == document_id))
        else:
            version = await _version(session, actor, body, one.version_id)
        if version is None:
            raise invalid(f"#/attachments/{place}/version_id", "Choose a document of this record that has not been withdrawn.", "unknown")
        fields = {name: getattr(version, name) for name in document_queries.FILE_FIELDS if name != "id"}
        found.append({**fields, "document_id": version.document_id, "refused": None})
    size = sum(one["size"] for one in found)
    if size > rules.MOST_ATTACHED_BYTES:
        said = f"The files of a letter may have at most {rules.MOST_ATTACHED_BYTES} bytes together."
        raise TooLarge("email_too_large", said, limit=rules.MOST_ATTACHED_BYTES, size=size)
    return found


async def _version(session: AsyncSession, actor: Actor, body: EmailCreate, version_id: UUID | None) -> DocumentVersion | None:
    """A version of a document on the record's page that still counts."""
    places = await subjects.places(session, actor, body.subject_type, body.subject_id)
    query = (
        select(DocumentVersion)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(DocumentVersion.id == version_id, Document.withdrawn_at.is_(None), Document.subject_id.in_([place.id for place in places]))
    )
    found: DocumentVersion | None = await session.scalar(query)
    return found


async def retry(session: AsyncSession, actor: Actor, email_id: UUID, now: datetime) -> EmailOut:
    """A letter that failed is tried again, as it was written, for those who do not have it."""
    row = await writing.allowed(session, actor, email_id, EmailAction.RETRY)
    await writing.write(session, email_id, {"state": EmailState.PENDING.value, "reason": None, "detail": None})
    again = update(EmailDelivery).where(EmailDelivery.email_id == email_id)
    fresh: dict[str, Any] = {"is_open": True, "attempts": 0, "next_at": None, "leased_until": None, "last_error": None}
    await session.execute(again.values(fresh).execution_options(synchronize_session=False))
    await outbox.add(session, EmailWritten(email_id, row.subject_type, row.subject_id), now)
    after_commit(session, ring_postman, key=CHANNEL)
    return await reading.email(session, actor, email_id)
