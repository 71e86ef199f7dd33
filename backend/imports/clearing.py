"""What is forgotten: the material of old runs, the files of expired exports. The runs themselves stay."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, outbox
from backend.imports import queries, rules
from backend.imports.events import ExportChanged, ImportChanged
from backend.imports.models import ExportRun, ImportRun
from backend.imports.rules import ExportState

BATCH = 20


async def clear(session: AsyncSession, now: datetime) -> int:
    """A bounded number of runs and exports; 0 when nothing is left."""
    return await _clear_imports(session, now) + await _expire_exports(session, now)


async def _clear_imports(session: AsyncSession, now: datetime) -> int:
    since = func.coalesce(ImportRun.finished_at, ImportRun.started_at, ImportRun.created_at)
    old = select(ImportRun).where(ImportRun.cleared_at.is_(None), since <= now - rules.KEEP_MATERIAL)
    runs = (await session.scalars(old.order_by(ImportRun.created_at).limit(BATCH).with_for_update(skip_locked=True))).all()
    if not runs:
        return 0
    await queries.CLEAR_ROWS.rows(session, runs=[run.id for run in runs])
    kept = [run.file_id for run in runs] + [run.problems_file_id for run in runs if run.problems_file_id]
    await files.drop(session, kept, now)
    for run in runs:
        run.cleared_at = now
        await outbox.add(session, ImportChanged(run.id, run.state), now)
    await session.flush()
    return len(runs)


async def _expire_exports(session: AsyncSession, now: datetime) -> int:
    over = (ExportRun.state == ExportState.READY, or_(ExportRun.expires_at.is_(None), ExportRun.expires_at <= now))
    exports = (await session.scalars(select(ExportRun).where(*over).limit(BATCH).with_for_update(skip_locked=True))).all()
    if not exports:
        return 0
    await files.drop(session, [export.file_id for export in exports if export.file_id], now)
    for export in exports:
        export.state = ExportState.EXPIRED.value
        await outbox.add(session, ExportChanged(export.id, export.state), now)
    await session.flush()
    return len(exports)
