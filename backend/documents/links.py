"""How a browser opens a file without a header of its own: a link that works some minutes, for one file, as one person's session (ADR 0010)."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from fastapi.security import HTTPAuthorizationCredentials
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import RealNow
from backend.core.db import Lens, get_database
from backend.core.http import API_PREFIX
from backend.documents import reading
from backend.documents.schemas import Disposition, FileLink
from backend.identity.deps import bearer, bind_person, claims_of
from backend.identity.tokens import Claims, issue_link, read_link

LIFE = timedelta(minutes=15)
Signature = Annotated[str | None, Query(max_length=1000, description="From POST …/links, instead of an access token")]


async def make(session: AsyncSession, claims: Claims, version_id: UUID, disposition: Disposition, now: datetime) -> FileLink:
    """For a file that this session sees; whether it still does is asked again when the link is followed."""
    await reading.version(session, version_id)
    token, ends_at = issue_link(claims, _purpose(version_id), now, LIFE)
    return FileLink(
        url=f"{API_PREFIX}/document-versions/{version_id}/content?disposition={disposition}&signature={token}", expires_at=ends_at
    )


def _purpose(version_id: UUID) -> str:
    return f"document_version:{version_id}"


async def _claims(
    version_id: UUID, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)], signature: Signature = None
) -> Claims:
    return await claims_of(credentials) if signature is None else read_link(signature, _purpose(version_id))


async def _session(claims: Annotated[Claims, Depends(_claims)], real_now: RealNow) -> AsyncIterator[AsyncSession]:
    async with get_database().session() as session:
        await bind_person(session, Lens.PERSON, claims, real_now)
        yield session


LinkedSession = Annotated[AsyncSession, Depends(_session, scope="function")]
