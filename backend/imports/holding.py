"""A run in the hands of one worker: taken, kept and given back; and what every step of it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, outbox
from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.core.locking import take_turns
from backend.identity.batches import Author
from backend.imports import queries, rules
from backend.imports.events import ImportChanged, ImportProgressed
from backend.imports.models import ImportRun
from backend.imports.reading import card
from backend.imports.rules import RunState
from backend.imports.targets.registry import TARGETS
from backend.notifications.service import emit_live


@dataclass(frozen=True)
class Held:
    """A run in the hands of one worker."""

    run_id: UUID
    lease: UUID
    state: RunState
    person_id: UUID


class LostLease(Exception):
    """Another worker took the run over, or a person moved it to another state."""


async def claim(session: AsyncSession, now: datetime, real_now: datetime) -> Held | None:
    """Takes the run whose turn it is; one whose person may no longer import is stopped."""
    await take_turns(session, "imports.claim")
    run = await session.scalar(queries.working(real_now))
    if run is None:
        return None
    importer = await queries.IMPORTER.row(session, id=run.person_id, permission="import.run", now=real_now)
    if not importer.may and run.state != RunState.UNDOING:
        run.refusal = "person_not_allowed"
        await turn(session, run, RunState.STOPPED if run.state == RunState.RUNNING else RunState.DISCARDED, now)
        return None
    run.lease, run.leased_until = new_id(), real_now + rules.LEASE
    await session.flush()
    if run.state == RunState.RUNNING:
        await queries.TAKE_OVER.rows(session, target=run.target, run=run.id)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)
    return Held(run.id, run.lease, RunState(run.state), run.person_id)


async def held(session: AsyncSession, job: Held, real_now: datetime) -> ImportRun:
    """The run, locked until the end of this transaction, with its lease renewed; raises `LostLease`."""
    run = await _ours(session, job, select(ImportRun).with_for_update().execution_options(populate_existing=True))
    run.leased_until = real_now + rules.LEASE
    return run


async def seen(session: AsyncSession, job: Held) -> ImportRun:
    """The run, which others may change meanwhile: whoever writes asks `held` before the commit. Raises `LostLease`."""
    return await _ours(session, job, select(ImportRun))


async def _ours(session: AsyncSession, job: Held, query: Select[ImportRun]) -> ImportRun:
    run = await session.scalar(query.where(ImportRun.id == job.run_id))
    if run is None or run.lease != job.lease or run.state != job.state:
        raise LostLease
    return run


async def release(session: AsyncSession, job: Held, real_now: datetime) -> None:
    """Others may go on with it, after those that have waited longer."""
    run = await held(session, job, real_now)
    run.leased_until = real_now
    await session.flush()
    await outbox.add(session, ImportProgressed(run.id, run.done), real_now)


async def author_of(session: AsyncSession, run: ImportRun, now: datetime) -> tuple[Author, str]:
    row = await queries.IMPORTER.row(session, id=run.person_id, permission="import.run", now=now)
    return Author(row.id, row.name, row.region_id, row.is_administrator), row.locale


async def show(session: AsyncSession, run: ImportRun, name: str, now: datetime) -> None:
    """The run's card on the open screens of its person."""
    await session.flush()
    await emit_live(session, [run.person_id], "import.changed", card(run, name).model_dump(mode="json"), now)


async def turn(session: AsyncSession, run: ImportRun, state: RunState, now: datetime) -> None:
    """Into the next state, with its event and on the screen."""
    run.state, run.leased_until, run.lease = state.value, None, None
    author, _ = await author_of(session, run, now)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportChanged(run.id, state), now)


async def visible_of(session: AsyncSession, run: ImportRun, ids: list[UUID]) -> set[UUID]:
    """Which of these records the importer sees."""
    await session.flush()
    await bind(session, Lens.PERSON, str(run.person_id))
    seen = await TARGETS[run.target].visible(session, ids)
    await bind(session, Lens.SYSTEM, str(run.person_id))
    return seen


async def renew(session: AsyncSession, job: Held, real_now: datetime) -> None:
    """The lease goes on."""
    run = await held(session, job, real_now)
    await session.flush()
    await outbox.add(session, ImportProgressed(run.id, run.done), real_now)


async def copy_file(session: AsyncSession, job: Held, target: BinaryIO) -> None:
    run = await session.get_one(ImportRun, job.run_id)
    await files.copy_to(session, run.file_id, target)


async def left_out(session: AsyncSession, job: Held, real_now: datetime) -> tuple[ImportRun, str]:
    """The run as it stands and the language of its person."""
    run = await held(session, job, real_now)
    _, locale = await author_of(session, run, real_now)
    return run, locale


async def reported(session: AsyncSession, job: Held, after: int) -> Sequence[Any]:
    return (await session.scalars(queries.reported(job.run_id, after, rules.BATCH))).all()
