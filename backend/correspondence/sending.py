"""Handing letters to the mail server: claim (one transaction), send (none), record (another), as notifications are.

A sender that dies in between leaves a lease; when it ends the letter goes again, with the same bytes and the same Message-ID.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.errors import Unavailable
from backend.core.storage.base import put
from backend.core.storage.chosen import get_store
from backend.correspondence import queries, rules, writing
from backend.correspondence.events import EmailFailed, EmailSent
from backend.correspondence.models import EmailDelivery, EmailFile, EmailMessage
from backend.correspondence.rules import EmailReason, EmailState
from backend.documents import queries as document_queries
from backend.integrations.answers import Answer, Outcome
from backend.integrations.smtp import wire
from backend.integrations.smtp.client import Sent
from backend.integrations.smtp.wire import Attachment, Letter
from backend.notifications import rules as delivery_rules
from backend.notifications.rules import ChannelKind

MOST_DETAIL = 500


@dataclass(frozen=True)
class Outgoing:
    """A claimed letter: nobody else sends it until its lease ends. `attempts` counts this one, `taken` are recipients that have it."""

    row: Any
    files: Sequence[EmailFile]
    reply_to: str | None
    attempts: int
    taken: Sequence[str]


async def claim(session: AsyncSession, real_now: datetime) -> Outgoing | None:
    """Takes the letter that has waited longest; None when there is none, or no mail server."""
    if not get_settings().smtp_host:
        return None
    table = EmailDelivery
    due = (
        select(table.email_id, table.attempts, table.taken)
        .where(
            table.is_open,
            or_(table.next_at.is_(None), table.next_at <= real_now),
            or_(table.leased_until.is_(None), table.leased_until <= real_now),
        )
        .order_by(table.next_at.nulls_first(), table.email_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = (await session.execute(due)).first()
    if found is None:
        return None
    leased = real_now + delivery_rules.lease(ChannelKind.EMAIL)
    await _progress(session, found.email_id, attempts=found.attempts + 1, leased_until=leased)
    row = (await session.execute(queries.one(found.email_id))).one()
    files = list(await session.scalars(queries.files([row.id])))
    address = await session.scalar(queries.record_address(row.subject_id))
    dropbox = get_settings().dropbox_address
    reply_to = rules.tagged(dropbox, address.token) if dropbox and address is not None else None
    return Outgoing(row, files, reply_to, found.attempts + 1, found.taken)


async def _progress(session: AsyncSession, email_id: UUID, **values: Any) -> None:
    statement = update(EmailDelivery).where(EmailDelivery.email_id == email_id).values(values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def write(outgoing: Outgoing) -> Letter:
    """The letter as it goes over the wire; the same at every try. ValueError or Unavailable where it cannot be made."""
    row, own = outgoing.row, wire.address(get_settings().smtp_from)
    company = f"（{own.display_name}）" if own.display_name else ""
    everybody = [one["address"] for one in (*row.to_people, *row.cc_people)]
    return Letter(
        sender=wire.named(f"{row.from_name}{company}", own.addr_spec),
        to=[wire.named(one["name"], one["address"]) for one in row.to_people],
        cc=[wire.named(one["name"], one["address"]) for one in row.cc_people],
        reply_to=[wire.named(row.from_name, outgoing.reply_to)] if outgoing.reply_to else (),
        subject=row.subject,
        text=row.text + "\n",
        message_id=f"<{row.message_id}>",
        in_reply_to=f"<{row.in_reply_to}>" if row.in_reply_to else None,
        references=[f"<{one}>" for one in row.references_ids],
        at=row.at,
        attachments=[await _attached(one) for one in outgoing.files],
        is_automatic=False,
        only=[one for one in everybody if one not in outgoing.taken],
        boundary=row.id.hex,
    )


async def _attached(file: EmailFile) -> Attachment:
    pieces = [piece async for piece in get_store().read(file.sha256, 0, file.size)]
    return Attachment(file.name, file.media_type, b"".join(pieces))


async def keep(letter: Letter) -> tuple[str, int]:
    """The bytes that travel are kept; their hash and length."""
    raw = wire.compose(letter).as_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    await put(get_store(), raw, sha256)
    return sha256, len(raw)


def cannot_be_written(error: Exception) -> Sent:
    """What becomes of a letter whose files cannot be read now, or whose addresses no server would take."""
    if isinstance(error, Unavailable | OSError):
        return Sent(Answer(Outcome.RETRY, None, "a file of the letter cannot be read at the moment"))
    return Sent(Answer(Outcome.PERMANENT, None, f"the letter cannot be written: {error}"[:MOST_DETAIL], is_about_message=True))


async def record(
    session: AsyncSession, outgoing: Outgoing, sent: Sent, source: tuple[str, int] | None, real_now: datetime, now: datetime
) -> None:
    """Writes down what became of a letter; `real_now` is real time, `now` the product's."""
    row = outgoing.row
    state = await session.scalar(select(EmailMessage.state).where(EmailMessage.id == row.id).with_for_update())
    if state != EmailState.PENDING:
        return
    answer, everybody = sent.answer, [one["address"] for one in (*row.to_people, *row.cc_people)]
    accepted = [] if answer.outcome is not Outcome.OK and not sent.refused else [one for one in everybody if one not in sent.refused]
    taken = list(dict.fromkeys([*outgoing.taken, *accepted]))
    if answer.outcome is Outcome.OK:
        await _finish(session, row, taken, await _named_source(session, source), EmailState.SENT, None, None, now)
    elif _is_final(answer, outgoing.attempts):
        reason = EmailReason.REFUSED if answer.outcome is Outcome.PERMANENT else EmailReason.GAVE_UP
        state_now, why = (EmailState.SENT, EmailReason.PARTLY_REFUSED) if taken else (EmailState.FAILED, reason)
        named = await _named_source(session, source) if taken else {}
        await _finish(session, row, taken, named, state_now, why, _said(answer), now)
    else:
        again = real_now + delivery_rules.retry_after(outgoing.attempts, random.random())  # noqa: S311 - spreads tries, no secret
        await _progress(session, row.id, next_at=again, leased_until=None, last_error=_said(answer), taken=taken)


def _is_final(answer: Answer, attempts: int) -> bool:
    """A server that is set up wrongly is not the letter's fault: it waits as for one that is away."""
    is_refused = answer.outcome is Outcome.PERMANENT and not answer.is_configuration
    return is_refused or attempts >= delivery_rules.max_attempts(ChannelKind.EMAIL)


def _said(answer: Answer) -> str:
    return (answer.message if answer.code is None else f"{answer.code} {answer.message}")[:MOST_DETAIL]


async def _named_source(session: AsyncSession, source: tuple[str, int] | None) -> dict[str, Any]:
    """The source as columns, when its bytes are there and stay."""
    if source is None:
        return {}
    await document_queries.HOLD.rows(session, wanted=source[0])
    return {"raw_sha256": source[0], "raw_size": source[1]} if await get_store().holds(source[0]) else {}


async def _finish(
    session: AsyncSession, row: Any, taken: Sequence[str], source: dict[str, Any], state: EmailState, reason: EmailReason | None,
    detail: str | None, now: datetime,
) -> None:  # fmt: skip
    why = reason.value if reason else None
    values = {"state": state.value, "reason": why, "detail": detail, **source}
    if state is EmailState.SENT:
        values["sent_at"] = now
        await outbox.add(session, EmailSent(row.id, row.subject_type, row.subject_id, now), now)
    else:
        await outbox.add(session, EmailFailed(row.id, row.subject_type, row.subject_id, why or "", detail or ""), now)
    await writing.write(session, row.id, values)
    await _progress(session, row.id, is_open=False, next_at=None, leased_until=None, last_error=detail, taken=list(taken))
