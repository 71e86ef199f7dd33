"""Drop-box addresses of people and records."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.errors import Refused
from backend.core.ids import new_id
from backend.correspondence import queries, rules
from backend.correspondence.events import DropboxRenewed
from backend.correspondence.models import DropboxAddress
from backend.correspondence.schemas import DropboxOut
from backend.documents import subjects
from backend.identity.deps import Actor
from backend.integrations.smtp import wire


def company_address() -> str:
    """The bare address that letters come from."""
    return str(wire.address(get_settings().smtp_from).addr_spec)


def new_token() -> str:
    """80 bits, in letters and digits that survive every mail server."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def shown(found: DropboxAddress | None) -> DropboxOut:
    dropbox = get_settings().dropbox_address
    if not dropbox or found is None:
        return DropboxOut(address=None, created_at=None, is_configured=bool(dropbox))
    return DropboxOut(address=rules.tagged(dropbox, found.token), created_at=found.created_at, is_configured=True)


async def of_person(session: AsyncSession, actor: Actor) -> DropboxOut:
    return shown(await session.scalar(queries.own_address(actor.id)))


async def of_record(session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID) -> DropboxOut:
    """404 where one does not see the record."""
    await subjects.places(session, actor, subject_type, subject_id)
    return shown(await session.scalar(queries.record_address(subject_id)))


async def renew_own(session: AsyncSession, actor: Actor, now: datetime) -> DropboxOut:
    """A new one; what is sent to the old one goes to the tray."""
    _require_dropbox()
    await _revoke(session, DropboxAddress.person_id == actor.id, now)
    return shown(await _make(session, actor, now, person_id=actor.id))


async def renew_of_record(session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID, now: datetime) -> DropboxOut:
    """A new one for a record that one may write on."""
    await subjects.of(subject_type).admit(session, actor, subject_id, now)
    _require_dropbox()
    await _revoke(session, DropboxAddress.subject_id == subject_id, now)
    return shown(await _make(session, actor, now, subject_type=subject_type, subject_id=subject_id))


async def ensure_of_record(session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID, now: datetime) -> str | None:
    """The address that answers to a letter go to, made at the first one; None without a drop-box. The record is locked."""
    if not get_settings().dropbox_address:
        return None
    found = await session.scalar(queries.record_address(subject_id))
    return shown(found or await _make(session, actor, now, subject_type=subject_type, subject_id=subject_id)).address


def _require_dropbox() -> None:
    if not get_settings().dropbox_address:
        raise Refused("no_dropbox", "The installation has no drop-box address (CHENGDAN_DROPBOX_ADDRESS); ask an administrator.")


async def _revoke(session: AsyncSession, whose: object, now: datetime) -> None:
    old = update(DropboxAddress).where(whose, DropboxAddress.revoked_at.is_(None)).values(revoked_at=now)  # type: ignore[arg-type]
    await session.execute(old.execution_options(synchronize_session=False))


async def _make(session: AsyncSession, actor: Actor, now: datetime, **whose: object) -> DropboxAddress:
    values = {"id": new_id(), "token": new_token(), "created_by": actor.id, "created_at": now, **whose}
    await session.execute(insert(DropboxAddress).values(values).inline())
    await outbox.add(session, DropboxRenewed(values["id"]), now)  # type: ignore[arg-type]
    return DropboxAddress(**values)
