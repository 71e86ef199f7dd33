"""What documents do when one has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.core.storage.chosen import get_store
from backend.documents import thumbnails
from backend.documents.models import DocumentPreview, DocumentVersion
from backend.documents.rules import Family


@handles("document.added")
@handles("document.version_added")
async def make_thumbnail(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Once for the same bytes, however many documents have them."""
    del now
    version = await session.get_one(DocumentVersion, UUID(event.payload["version_id"]))
    known = select(DocumentPreview.sha256).where(DocumentPreview.sha256 == version.sha256)
    if version.family != Family.PICTURE or version.size > thumbnails.MOST_BYTES or await session.scalar(known):
        return
    made = await thumbnails.make(get_store(), version.sha256, version.size)
    values = {"sha256": version.sha256, "is_made": made is not None, "width": made and made.width, "height": made and made.height}
    await session.execute(insert(DocumentPreview).values(values).on_conflict_do_nothing())
