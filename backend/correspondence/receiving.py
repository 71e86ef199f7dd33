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
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, transaction
from backend.core.ids import new_id
from backend.core.pausepoints import pause
from backend.core.storage.base import HEAD, away, put
from backend.core.storage.chosen import get_store
from backend.correspondence import (
    bodies,
    bounces,
    conversations,
    judging,
    machines,
    parsing,
    queries,
    records,
    routing,
    rules,
    sameness,
    sorting,
)
from backend.correspondence.conversations import Thread
from backend.correspondence.events import EmailFiled, EmailReceived
from backend.correspondence.judging import Judged
from backend.correspondence.machines import Author
from backend.correspondence.models import EmailFile, EmailMessage
from backend.correspondence.parsing import Parsed, ParsedFile
from backend.correspondence.records import Ref
from backend.correspondence.routing import Envelope, Participants, Route
from backend.correspondence.rules import EmailDirection, EmailReason, EmailState
from backend.correspondence.sameness import Seen
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
    seen: Seen


async def take(raw: bytes, envelope: Envelope, now: datetime, *, is_beheaded: bool = False) -> UUID:
    """Keeps the letter; when this returns it is committed. `is_beheaded` where only its headers could be had. The id of a letter that is
    known already is that of the first time; another letter that bears its Message-ID is kept beside it.
    """
    examined = await asyncio.to_thread(_examine, raw, is_beheaded)
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        known, _ = await _known(session, examined)
        if known is not None:
            await _bring_nearer(session, known, examined.parsed, envelope, now)
    if known is not None:
        return known
    await _keep(raw, examined)
    await pause("emails.kept")
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        found = await _enter(session, examined, envelope, now)
    await pause("emails.entered")
    return found


def _examine(raw: bytes, is_beheaded: bool) -> Examined:
    try:
        parsed = parsing.parse(raw)
    except Exception:
        log.exception("letter_not_understood")  # it waits in the tray for a person, and keeps no letter behind it waiting
        parsed = parsing.unread(raw)
    files = [_file(place, one) for place, one in enumerate(parsed.files)]
    seen = sameness.came(parsed, [one["sha256"] for one in files], is_beheaded=is_beheaded)
    return Examined(parsed, hashlib.sha256(raw).hexdigest(), len(raw), files, seen)


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


async def _known(session: AsyncSession, examined: Examined) -> tuple[UUID | None, str]:
    """The letter as it was taken in before, and the id that it has or will have; until the end of the transaction nobody else takes it in.

    A Message-ID that is another letter's already (some programs give out the same ones again) is replaced by one that is made of what it says.
    """
    own = examined.parsed.message_id
    row = await _named(session, own)
    if row is None:
        return None, own
    if row.raw_sha256 == examined.sha256:
        return row.id, own
    files = [file.sha256 for file in await session.scalars(queries.files([row.id]))]
    if sameness.same(sameness.kept(row, files), examined.seen):
        return row.id, own
    other = f"{examined.seen.digest}@repeated"
    row = await _named(session, other)
    return (row.id if row else None), other


async def _bring_nearer(session: AsyncSession, email_id: UUID, parsed: Parsed, envelope: Envelope, now: datetime) -> None:
    """A copy by the address of a record files the letter there, as it would have come first; what a person has sorted stays."""
    address = await routing.address_of(session, parsed, envelope)
    if address is None or address.subject_id is None or address.subject_type is None:
        return
    judged = await judging.judge(session, parsed, envelope)
    ref = await records.standing_for(session, Ref(address.subject_type, address.subject_id))
    await session.execute(select(EmailMessage.id).where(EmailMessage.id == email_id).with_for_update())
    row = (await session.execute(queries.one(email_id))).one()
    is_sorted = row.filed_by is not None or row.reason in (EmailReason.BY_ADDRESS, EmailReason.TOO_MANY)
    is_open = row.received_at is not None and row.state in (EmailState.SORTING, EmailState.AUTOMATIC, EmailState.FILED)
    if is_open and not is_sorted and not judged.is_forged and judged.author is Author.PERSON and row.subject_id != ref.id:
        await sorting.put(session, row, ref.type, ref.id, EmailReason.BY_ADDRESS, now, by=None)
        log.info("email_brought_nearer", email=str(email_id))


async def _named(session: AsyncSession, message_id: str) -> Any:
    await queries.LOCK.rows(session, message=message_id)
    return (await session.execute(queries.named(message_id))).first()


async def _keep(raw: bytes, examined: Examined) -> None:
    """The bytes are safe before anything names them."""
    store = get_store()
    await put(store, raw, examined.sha256)
    for file, one in zip(examined.files, examined.parsed.files, strict=True):
        if file["refused"] is None:
            await put(store, one.data, file["sha256"])


async def _enter(session: AsyncSession, examined: Examined, envelope: Envelope, now: datetime) -> UUID:
    """Names the bytes: the letter, its files, its place, in the transaction that its sender waits for."""
    known, message_id = await _known(session, examined)
    if known is not None:
        await _bring_nearer(session, known, examined.parsed, envelope, now)
        return known
    examined = replace(examined, parsed=replace(examined.parsed, message_id=message_id))
    parsed = examined.parsed
    await _hold(session, examined)
    judged = await judging.judge(session, parsed, envelope)
    named = rules.chain([*parsed.named, *machines.returned_ids(parsed.message)], None) if judged.author is Author.SERVER else parsed.named
    thread = await conversations.find(session, judging.claim(parsed, named, judged)) if not judged.is_forged else Thread()
    if judged.author is Author.SERVER:
        await bounces.settle(session, parsed, now)
    who = judged.who
    went = await routing.route(session, who, judged.address, thread)
    if not judged.is_proven:
        who = replace(who, direction=EmailDirection.IN, author=None)
        went = went if went.ref is None else Route(EmailReason.NOT_AUTHENTIC)
    state, went = await _place(session, parsed, who, judged, went, thread.ref, now)
    email_id = new_id()
    values = _columns(examined, who, now) | {
        "id": email_id,
        "state": state.value,
        "reason": went.reason.value,
        "thread_id": thread.id or email_id,
        "references_ids": named,
        "answer_to": [vars(one) for one in routing.answer_to(judged.who, parsed)],
        "detail": went.detail,
        "is_cut": parsed.is_cut or not examined.seen.is_whole,
        "person_id": judged.owner_id or who.author,
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


async def _place(
    session: AsyncSession, parsed: Parsed, who: Participants, judged: Judged, went: Route, thread: Ref | None, now: datetime
) -> tuple[EmailState, Route]:
    """In which state the letter lies, and where: a machine's never waits for a person, and stays with its conversation at most."""
    if judged.author is not Author.PERSON:
        return EmailState.AUTOMATIC, Route(EmailReason.BOUNCE if judged.author is Author.SERVER else EmailReason.MACHINE, thread)
    if judged.is_forged:
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
