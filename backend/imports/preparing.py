"""Reading and checking in steps: each is one transaction that is done whole or not at all, so that any worker can go on."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.db import Lens, bind
from backend.core.hot import as_json
from backend.imports import checking, headers, mapping, queries, rules
from backend.imports.checking import Reader
from backend.imports.coming import Coming
from backend.imports.events import ImportProgressed
from backend.imports.holding import Held, author_of, held, show, turn, visible_of
from backend.imports.models import ImportRun
from backend.imports.rules import RowState, RunState
from backend.imports.schemas import ImportSettings
from backend.imports.targets.base import World
from backend.imports.targets.registry import TARGETS

SEEN = 200


async def stage(session: AsyncSession, job: Held, chunk: Sequence[tuple[int, str]], now: datetime, real_now: datetime) -> None:
    """Keeps a piece of the file; a second time it changes nothing."""
    run = await held(session, job, real_now)
    fresh = await queries.STAGE.rows(session, run=run.id, numbers=[number for number, _ in chunk], cells=[cells for _, cells in chunk])
    run.total = run.done = run.done + len(fresh)
    author, _ = await author_of(session, run, real_now)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)


async def refuse(session: AsyncSession, job: Held, refusal: str, now: datetime, real_now: datetime) -> None:
    """The file cannot be read; its person is told why."""
    run = await held(session, job, real_now)
    run.refusal, run.finished_at = refusal, now
    await turn(session, run, RunState.UNREADABLE, now)


async def guess(session: AsyncSession, job: Held, now: datetime, real_now: datetime) -> None:
    """All rows are here: where the header is, what the columns mean; settings kept for the same columns win."""
    run = await held(session, job, real_now)
    target = TARGETS[run.target]
    first = [(row.number, row.cells) for row in await session.execute(queries.first_rows(run.id, SEEN))]
    header = headers.find(first, lambda label: mapping.field_named(label, target.fields))
    below = [row for number, row in first if number > header.last_row]
    columns = mapping.guess(header.labels, below, target.fields)
    total = run.total - sum(number <= header.last_row for number, _ in first)
    if total > rules.MAX_ROWS or total <= 0:
        run.refusal, run.finished_at = (rules.Refusal.TOO_MANY_ROWS if total > 0 else rules.Refusal.NO_ROWS).value, now
        await turn(session, run, RunState.UNREADABLE, now)
        return
    run.header_row, run.header_rows, run.labels = header.last_row, header.rows, list(header.labels)
    run.total, run.done = total, 0
    assignment = "keep" if "owner" in columns else target.assignments[0]
    guessed = ImportSettings.model_validate(
        {"header_row": header.last_row, "header_rows": header.rows, "columns": columns, "assignment": assignment}
    )
    run.settings = await _kept_settings(session, run) or guessed.model_dump(mode="json")
    await turn(session, run, RunState.MAPPING, now)


async def _kept_settings(session: AsyncSession, run: ImportRun) -> dict[str, Any] | None:
    mark = mapping.signature(run.labels)
    await bind(session, Lens.PERSON, str(run.person_id))
    kept = (await session.scalars(queries.mappings(run.person_id, run.target))).all()
    await bind(session, Lens.SYSTEM, str(run.person_id))
    found = next((one for one in kept if one.signature == mark and len(one.settings["columns"]) == len(run.labels)), None)
    return {**found.settings, "header_row": run.header_row, "header_rows": run.header_rows} if found else None


async def _world(session: AsyncSession, now: datetime, real_now: datetime) -> World:
    people: dict[str, list[tuple[str, str]]] = {}
    regions: dict[str, list[str]] = {}
    active = await queries.PEOPLE.rows(session, now=real_now)
    for row in await queries.REGIONS.rows(session):
        regions.setdefault(row.name.casefold(), []).append(str(row.id))
    for row in active:
        for name in dict.fromkeys((row.name.casefold(), row.login.casefold())):
            people.setdefault(name, []).append((str(row.id), row.name))
    keepers = frozenset(str(row.id) for row in active if row.keeps_customers)
    return World(now, ZoneInfo(get_settings().company_zone), people, keepers, regions)


async def reader(session: AsyncSession, job: Held, now: datetime, real_now: datetime) -> Reader:
    """As the run's settings say it."""
    run = await held(session, job, real_now)
    return Reader(TARGETS[run.target], ImportSettings.model_validate(run.settings), run.labels, await _world(session, now, real_now))


async def check_batch(session: AsyncSession, job: Held, reader: Reader, batch: Coming, now: datetime, real_now: datetime) -> None:
    """Compares some rows with the register and with those above them."""
    run = await held(session, job, real_now)
    batch.count_for(run)
    author, _ = await author_of(session, run, real_now)
    rows, checked, settings = batch.rows, batch.made, reader.settings
    await queries.FRESH_PLANS.rows(session)
    hits = await reader.target.find(session, checking.keys_of([one.keys for one in checked], reader.target, settings), now)
    visible = await visible_of(session, run, [hit.subject_id for hit in hits.values()])
    file_keys = [one.file_key for one in checked if one.file_key]
    seen = {row.file_key: row.number for row in await queries.SAME_IN_FILE.rows(session, run=run.id, before=rows[0].number, keys=file_keys)}
    judged = []
    for row, one in zip(rows, checked, strict=True):
        owner = checking.owner_of(one.fields, settings, run.person_id)
        hit = checking.hit_of(one.keys, hits, reader.target, partial(checking.stands_against, reader.target, owner))
        verdict = checking.judged(row.number, one, reader, hit, visible, seen.get(one.file_key or ""))
        if one.file_key and verdict["state"] != RowState.PROBLEM:
            seen.setdefault(one.file_key, row.number)
        judged.append(verdict)
    await queries.CHECKED.rows(session, run=run.id, rows=as_json(judged))
    run.problems += sum(row["state"] == RowState.PROBLEM for row in judged)
    run.duplicates += sum(row["state"] == RowState.DUPLICATE for row in judged)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)


async def checked(session: AsyncSession, job: Held, problems_file_id: UUID | None, now: datetime, real_now: datetime) -> None:
    """Every row has its verdict: a person decides now."""
    run = await held(session, job, real_now)
    run.total, run.problems_file_id = run.done, problems_file_id
    await turn(session, run, RunState.READY, now)
