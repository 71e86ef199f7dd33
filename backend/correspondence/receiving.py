"""A letter comes in, by SMTP or from a mailbox: one way for both, once however often it comes (FLOW-6)."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.db import Lens, transaction
from backend.core.ids import new_id
from backend.core.pausepoints import pause
from backend.core.storage.base import HEAD, away, put
from backend.core.storage.chosen import get_store
from backend.correspondence import bodies, bounces, machines, parsing, queries, routing, rules
from backend.correspondence.events import EmailFiled, EmailReceived
from backend.correspondence.machines import Author
from backend.correspondence.models import EmailFile, EmailMessage
from backend.correspondence.parsing import Parsed, ParsedFile
from backend.correspondence.records import Ref
from backend.correspondence.routing import Envelope, Participants, Route
from backend.correspondence.rules import EmailDirection, EmailReason, EmailState
from backend.documents import queries as document_queries
from backend.documents import sniffing
from backend.documents.sniffing import Dangerous

log = structlog.get_logger()
ACTOR = "system:mail"


@dataclass(frozen=True)
class Examined:
    """A letter with its files, before anything is kept."""

    parsed: Parsed
    sha256: str
    size: int
    files: Sequence[dict[str, Any]]


async def take(raw: bytes, envelope: Envelope, now: datetime, *, is_beheaded: bool = False) -> UUID:
    """Keeps the letter; when this returns it is committed. `is_beheaded` where only its headers could be had. The id of a letter that is
    known already is that of the first time.
    """
    examined = await asyncio.to_thread(_examine, raw)
    known = await _known(examined.parsed.message_id)
    if known is not None:
        return known
    await _keep(raw, examined)
    await pause("emails.kept")
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        found = await _enter(session, examined, envelope, now, is_beheaded=is_beheaded)
    await pause("emails.entered")
    return found


def _examine(raw: bytes) -> Examined:
    try:
        parsed = parsing.parse(raw)
    except Exception:
        log.exception("letter_not_understood")  # it waits in the tray for a person, and keeps no letter behind it waiting
        parsed = parsing.unread(raw)
    files = [_file(place, one) for place, one in enumerate(parsed.files)]
    return Examined(parsed, hashlib.sha256(raw).hexdigest(), len(raw), files)


def _file(place: int, one: ParsedFile) -> dict[str, Any]:
    """As `EmailFile` has it; what nobody should open is named, and kept in the letter's source only."""
    refused, kind = None, sniffing.UNKNOWN
    try:
        kind = sniffing.kind_of(BytesIO(one.data), one.data[:HEAD], one.name)
    except Dangerous as error:
        refused = error.why.value
    return {
        "place": place,
        "name": one.name,
        "media_type": kind.media_type,
        "family": kind.family.value,
        "size": len(one.data),
        "sha256": hashlib.sha256(one.data).hexdigest(),
        "is_inline": one.is_inline,
        "refused": refused,
    }


async def _known(message_id: str) -> UUID | None:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        found: UUID | None = await session.scalar(select(EmailMessage.id).where(EmailMessage.message_id == message_id))
        return found


async def _keep(raw: bytes, examined: Examined) -> None:
    """The bytes are safe before anything names them."""
    store = get_store()
    await put(store, raw, examined.sha256)
    for file, one in zip(examined.files, examined.parsed.files, strict=True):
        if file["refused"] is None:
            await put(store, one.data, file["sha256"])


async def _enter(session: AsyncSession, examined: Examined, envelope: Envelope, now: datetime, *, is_beheaded: bool) -> UUID:
    """Names the bytes: the letter, its files, its place, in the transaction that its sender waits for."""
    parsed = examined.parsed
    await queries.LOCK.rows(session, message=parsed.message_id)
    known: UUID | None = await session.scalar(select(EmailMessage.id).where(EmailMessage.message_id == parsed.message_id))
    if known is not None:
        return known
    await _hold(session, examined)
    author = machines.author_of(parsed, envelope.mail_from)
    named = rules.chain([*parsed.named, *machines.returned_ids(parsed.message)], None) if author is Author.SERVER else parsed.named
    thread = await _thread(session, parsed.message_id, named)
    address = await routing.address_of(session, parsed, envelope)
    who = await routing.participants(session, parsed)
    is_proven = (
        who.author is None or routing.proves(address, who.author) or machines.is_vouched_for(parsed, get_settings().dropbox_authserv)
    )
    if author is Author.SERVER:
        await bounces.settle(session, parsed, now)
    went = await routing.route(session, who, address, thread.ref)
    if not is_proven:
        who = replace(who, direction=EmailDirection.IN, author=None)
        went = went if went.ref is None else Route(EmailReason.NOT_AUTHENTIC)
    state, went = await _place(session, parsed, who, author, went, thread.ref, now)
    email_id = new_id()
    values = _columns(examined, who, now) | {
        "id": email_id,
        "state": state.value,
        "reason": went.reason.value,
        "thread_id": thread.id or email_id,
        "references_ids": named,
        "is_cut": is_beheaded or parsed.is_cut,
        "person_id": address.person_id if address is not None and address.person_id is not None else who.author,
    }
    if went.ref is not None:
        keys = list(who.outside)
        contact_id = await session.scalar(queries.contact_of(went.ref.type, went.ref.id, keys))
        values |= {"subject_type": went.ref.type, "subject_id": went.ref.id, "contact_id": contact_id}
        values |= {"filed_at": now} if state is EmailState.FILED else {}
    await session.execute(insert(EmailMessage).values(values).inline())
    rows = [{"id": new_id(), "email_id": email_id, **one} for one in examined.files]
    if rows:
        await session.execute(insert(EmailFile).values(rows).inline())
    if state is EmailState.FILED and went.ref is not None:
        await outbox.add(session, EmailFiled(email_id, went.ref.type, went.ref.id, None, None, None), now)
    else:
        await outbox.add(session, EmailReceived(email_id, state.value), now)
    log.info("email_received", email=str(email_id), state=state.value, reason=went.reason.value)
    return email_id


async def _hold(session: AsyncSession, examined: Examined) -> None:
    """Nobody sweeps these bytes away before the commit."""
    store = get_store()
    kept = {examined.sha256, *(one["sha256"] for one in examined.files if one["refused"] is None)}
    for sha256 in sorted(kept):
        await document_queries.HOLD.rows(session, wanted=sha256)
        if not await store.holds(sha256):
            raise away(FileNotFoundError(f"{sha256} was swept while it was being named"))


@dataclass(frozen=True)
class Thread:
    """The conversation that a letter belongs to, and the record that it is about."""

    id: UUID | None
    ref: Ref | None


async def _thread(session: AsyncSession, message_id: str, named: Sequence[str]) -> Thread:
    """That of the oldest relative; a letter that joins two conversations makes them one."""
    rows = (await session.execute(queries.relatives(message_id, named))).all()
    if not rows:
        return Thread(None, None)
    first, others = rows[0].thread_id, {row.thread_id for row in rows} - {rows[0].thread_id}
    if others:
        joined = update(EmailMessage).where(EmailMessage.thread_id.in_(others)).values(thread_id=first)
        await session.execute(joined.execution_options(synchronize_session=False))
    filed = [row for row in rows if row.subject_id is not None]
    nearest = next((row for name in named[::-1] for row in filed if row.message_id == name), filed[-1] if filed else None)
    return Thread(first, Ref(nearest.subject_type, nearest.subject_id) if nearest else None)


async def _place(
    session: AsyncSession, parsed: Parsed, who: Participants, author: Author, went: Route, thread: Ref | None, now: datetime
) -> tuple[EmailState, Route]:
    """In which state the letter lies, and where: a machine's never waits for a person, and stays with its conversation at most."""
    if author is not Author.PERSON:
        return EmailState.AUTOMATIC, Route(EmailReason.BOUNCE if author is Author.SERVER else EmailReason.MACHINE, thread)
    if machines.is_forged(parsed, get_settings().dropbox_authserv):
        return EmailState.SORTING, Route(EmailReason.NOT_AUTHENTIC)
    since = rules.counted_since(now)
    if who.author is None and rules.is_loop(await session.scalar(queries.received_of(parsed.sender.address, since)) or 0):
        return EmailState.AUTOMATIC, Route(EmailReason.TOO_MANY)
    return (EmailState.SORTING if went.ref is None else EmailState.FILED), went


def _columns(examined: Examined, who: Participants, now: datetime) -> dict[str, Any]:
    parsed = examined.parsed
    return {
        "direction": EmailDirection(who.direction).value,
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "from_address": parsed.sender.address,
        "from_name": parsed.sender.name,
        "to_people": [vars(one) for one in parsed.to],
        "cc_people": [vars(one) for one in parsed.cc],
        "subject": parsed.subject,
        "excerpt": bodies.excerpt(parsed.text),
        "text": parsed.text,
        "files": sum(not one["is_inline"] for one in examined.files),
        "raw_sha256": examined.sha256,
        "raw_size": examined.size,
        "at": now,
        "sent_at": parsed.sent_at,
        "received_at": now,
    }
