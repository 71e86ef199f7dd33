"""A notification as a letter: what was written when it was made, or else the words of its kind."""

from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files
from backend.core.config import get_settings
from backend.integrations.smtp import wire
from backend.integrations.smtp.wire import Attachment, Letter
from backend.notifications import mails, wording
from backend.notifications.models import Mail


async def write(session: AsyncSession, row: Any) -> Letter:
    """The letter of a delivery (a row of `queries.waiting` with an address); the same at every try, its Message-ID included."""
    settings, delivery = get_settings(), row[0]
    mail = (await session.scalars(select(Mail).where(Mail.notification_id == delivery.notification_id))).first()
    said = mails.Said(mail.subject, mail.text, mail.html) if mail else _from_words(row, settings.public_url)
    return Letter(
        sender=settings.smtp_from,
        to=[row.email],
        subject=said.subject,
        text=said.text,
        html=said.html,
        message_id=message_id(delivery.id),
        at=delivery.created_at,
        attachments=[await _attached(session, one) for one in mail.attachments] if mail else (),
    )


def message_id(delivery_id: UUID) -> str:
    return f"<{delivery_id}@{wire.address(get_settings().smtp_from).domain}>"


def _from_words(row: Any, public_url: str) -> mails.Said:
    """In Chinese, as robots say it."""
    title, line, path = wording.words(wording.Item(row[0].kind, row.params, row.subject_id, row.name, None))
    parts: list[mails.Part] = [mails.Heading(title), mails.Paragraph(line)]
    if path and public_url:
        parts.append(mails.Link("查看", mails.address(public_url, path)))
    return mails.render(f"{title} · {line}" if line else title, parts, is_english=False)


async def _attached(session: AsyncSession, said: dict[str, Any]) -> Attachment:
    data = BytesIO()
    await files.copy_to(session, UUID(said["file_id"]), data)
    return Attachment(said["name"], said["media_type"], data.getvalue())
