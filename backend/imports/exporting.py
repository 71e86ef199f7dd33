"""Making the file of an export: exactly the rows that its requester sees at that moment."""

import tempfile
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, outbox, workbooks
from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.identity.deps import LENS_OF_SCOPE
from backend.imports import processes, queries, rules
from backend.imports.events import ExportChanged
from backend.imports.models import ExportRun
from backend.imports.processes import Table
from backend.imports.rules import ExportState
from backend.imports.targets.registry import LEAVING
from backend.notifications.service import Notice, notify

WIDTH = 16


async def side_of(session: AsyncSession, export: ExportRun) -> int:
    """0: in Chinese, 1: in English, as the requester reads."""
    await bind(session, Lens.PERSON, str(export.person_id))
    return int((await session.scalar(queries.locale(export.person_id)) or "").startswith("en"))


def table_for(path: Path, export: ExportRun, side: int) -> AbstractAsyncContextManager[Table]:
    leaving = LEAVING[export.target]
    return processes.writing(path, export.format, leaving.titles[side], [WIDTH] * len(leaving.columns))


async def fill(session: AsyncSession, export: ExportRun, table: Table, side: int) -> int:
    """Header and rows, through the requester's lens; returns how many rows."""
    leaving = LEAVING[export.target]
    await bind(session, LENS_OF_SCOPE[export.scope], str(export.person_id))
    await table.add([[(column.zh, column.en)[side] for column in leaving.columns]])
    rows = 0
    async for page in leaving.pages(session, export.filters):
        rows += len(page)
        await table.add([[workbooks.encode(column.read(row, side)) for column in leaving.columns] for row in page])
    return rows


async def keep(session: AsyncSession, export: ExportRun, path: Path, rows: int, side: int, now: datetime) -> None:
    """The file is the requester's from now until it expires."""
    actor = str(export.person_id)
    await bind(session, Lens.PERSON, actor)
    name = f"{LEAVING[export.target].titles[side]}-{now:%Y%m%d-%H%M}.{export.format}"
    with path.open("rb") as file:
        file_id, _, _ = await files.store(session, file, actor=actor, name=name, media_type=workbooks.MEDIA[export.format], now=now)
    ready = {"state": ExportState.READY.value, "file_id": file_id, "rows": rows, "finished_at": now, "expires_at": now + rules.EXPORT_KEPT}
    made = update(ExportRun).where(ExportRun.id == export.id, ExportRun.state == ExportState.MAKING).values(**ready, leased_until=None)
    await session.execute(made.execution_options(synchronize_session=False))
    await outbox.add(session, ExportChanged(export.id, ExportState.READY), now)


async def make(session: AsyncSession, export: ExportRun, now: datetime) -> None:
    """A short list, while its requester waits."""
    side = await side_of(session, export)
    with tempfile.TemporaryDirectory(prefix="chengdan-export-") as folder:
        path = Path(folder) / "list"
        async with table_for(path, export, side) as table:
            rows = await fill(session, export, table, side)
        await keep(session, export, path, rows, side, now)


async def claim(session: AsyncSession, real_at: datetime) -> tuple[UUID, UUID] | None:
    """An export whose turn it is, as (export, person)."""
    export = await session.scalar(queries.making(real_at))
    if export is None:
        return None
    export.lease, export.leased_until = new_id(), real_at + rules.LEASE * 8
    await session.flush()
    await outbox.add(session, ExportChanged(export.id, export.state), real_at)
    return export.id, export.person_id


async def fail(session: AsyncSession, export_id: UUID, now: datetime) -> None:
    """The requester may no longer take this list out."""
    await session.execute(update(ExportRun).where(ExportRun.id == export_id).values(state=ExportState.FAILED.value, finished_at=now))
    await outbox.add(session, ExportChanged(export_id, ExportState.FAILED), now)


async def still_may(session: AsyncSession, export: ExportRun, real_now: datetime) -> bool:
    """Whether the requester still has the right and the reach."""
    person = await queries.IMPORTER.row(session, id=export.person_id, permission="export.run", now=real_now)
    reaches = await queries.SCOPED.row(session, id=export.person_id, scope=export.scope)
    return bool(person.may and reaches.may)


async def tell(session: AsyncSession, export: ExportRun, rows: int, now: datetime) -> None:
    """The requester need not wait for it."""
    params = {"rows": rows, "target": export.target}
    await notify(session, Notice([export.person_id], "export.ready", params, "export", export.id, through_channels=False), now=now)
