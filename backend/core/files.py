"""Files kept in the database, in parts: any host reads them, they commit and are backed up with the rows that name them."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Lens, Moment, bind, get_database
from backend.core.ids import new_id
from backend.core.rowsecurity import TableSecurity

PART = 1024 * 1024
OWN = "actor = current_setting('app.actor', true)"
PARENT_VISIBLE = "exists (select 1 from stored_file parent where parent.id = file_id)"


class StoredFile(Keyed, Base):
    """A file as it was stored; its parts go when it is dropped, this row stays."""

    __tablename__ = "stored_file"
    actor: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)


class FilePart(Base):
    """One megabyte of a file."""

    __tablename__ = "file_part"
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


TABLES = [
    TableSecurity("stored_file", select={Lens.PERSON: OWN}, insert={Lens.PERSON: OWN}),
    TableSecurity(
        "file_part",
        select={Lens.PERSON: PARENT_VISIBLE},
        insert={Lens.PERSON: PARENT_VISIBLE},
        delete={Lens.SYSTEM: "true"},
        audited=False,
        unaudited_because="the bytes of stored_file, which is audited with their hash",
        system="select, insert",
    ),
]


async def store(session: AsyncSession, file: BinaryIO, *, actor: str, name: str, media_type: str, now: datetime) -> tuple[UUID, int, str]:
    """Writes a file part by part, never holding more than one; returns id, size and SHA-256."""
    size, sha256 = measure(file)
    file_id = new_id()
    row = {"id": file_id, "actor": actor, "name": name, "media_type": media_type, "size": size, "sha256": sha256, "created_at": now}
    await session.execute(insert(StoredFile).values(row).inline())
    file.seek(0)
    number = 0
    while data := file.read(PART):
        await session.execute(insert(FilePart).values(file_id=file_id, number=number, data=data).inline())
        number += 1
    return file_id, size, sha256


def measure(file: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 of a whole file."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PART):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


async def part(session: AsyncSession, file_id: UUID, number: int) -> bytes | None:
    """One part, None past the end."""
    return await session.scalar(select(FilePart.data).where(FilePart.file_id == file_id, FilePart.number == number))


async def copy_to(session: AsyncSession, file_id: UUID, target: BinaryIO) -> None:
    """Writes the whole file out, part by part."""
    number = 0
    while data := await part(session, file_id, number):
        target.write(data)
        number += 1


async def pieces(file_id: UUID, actor: str) -> AsyncIterator[bytes]:
    """A file of this actor for an answer that streams: a short transaction for each part."""
    number = 0
    while True:
        async with get_database().session() as session:
            await bind(session, Lens.PERSON, actor)
            data = await part(session, file_id, number)
        if not data:
            return
        yield data
        number += 1


async def drop(session: AsyncSession, file_ids: Iterable[UUID], now: datetime) -> None:
    """Forgets the bytes; the row with name, size and hash stays."""
    ids = list(file_ids)
    await session.execute(update(StoredFile).where(StoredFile.id.in_(ids)).values(dropped_at=now))
    await session.execute(delete(FilePart).where(FilePart.file_id.in_(ids)))
