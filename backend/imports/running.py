"""Writing and undoing in steps: each is one transaction that is done whole or not at all, so that any worker can go on."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.imports import checking, queries, rules
from backend.imports.events import ImportProgressed
from backend.imports.holding import Held, author_of, held, show, turn, visible_of
from backend.imports.models import ImportRun
from backend.imports.rules import Mode, OnDuplicate, RowState, RunState
from backend.imports.schemas import ImportSettings
from backend.imports.targets.registry import TARGETS
from backend.leads.from_files import Author, Plan
from backend.notifications.service import Notice, notify


async def apply_batch(session: AsyncSession, job: Held, now: datetime, real_now: datetime) -> bool:
    """Writes the next thousand rows; False when there are none. What appeared since the check is not made twice."""
    run = await held(session, job, real_now)
    author, _ = await author_of(session, run, real_now)
    target, settings = TARGETS[run.target], ImportSettings.model_validate(run.settings)
    await queries.TURN.rows(session, target=run.target)
    rows = (await session.execute(queries.next_rows(run.id, run.cursor, rules.BATCH, [RowState.READY]))).all()
    if not rows:
        return False
    plan = Plan(run.id, run.file_name, settings.assignment, settings.needs_first_contact)
    fresh, outcome = await _still_new(session, run, settings, [row for row in rows if row.subject_id is None])
    drafts = [_draft(row, now) for row in fresh]
    await target.create(session, author, plan, drafts, now)
    outcome += [
        {"number": row.number, "state": RowState.CREATED, "subject_id": draft["id"], "version": 1}
        for row, draft in zip(fresh, drafts, strict=True)
    ]
    outcome += await _update(session, run, author, plan, settings, [row for row in rows if row.subject_id is not None], now)
    await queries.SETTLED.rows(session, run=run.id, rows=json.dumps(outcome, ensure_ascii=False))
    _count(run, [row["state"] for row in outcome])
    run.cursor, run.done = rows[-1].number, run.done + len(rows)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)
    return True


def _draft(row: Any, now: datetime) -> dict[str, Any]:
    return {"received_at": now.isoformat(), **row.fields, "id": str(new_id())}


def _count(run: ImportRun, states: Sequence[str]) -> None:
    run.created += states.count(RowState.CREATED)
    run.updated += states.count(RowState.UPDATED)
    run.unchanged += states.count(RowState.UNCHANGED)
    run.duplicates += states.count(RowState.DUPLICATE)
    run.problems += states.count(RowState.PROBLEM)


async def _still_new(
    session: AsyncSession, run: ImportRun, settings: ImportSettings, rows: Sequence[Any]
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Rows whose record still does not exist, and the others as duplicates."""
    if settings.mode is Mode.CREATE and settings.on_duplicate is OnDuplicate.CREATE:
        return list(rows), []
    keys = [TARGETS[run.target].keys(row.fields) for row in rows]
    wanted = {kind: [one[kind] for one in keys if kind in one] for kind in checking.ORDER[1:]}
    await queries.FRESH_PLANS.rows(session)
    hits = await TARGETS[run.target].find(session, wanted)
    await queries.USUAL_PLANS.rows(session)
    fresh, doubled = [], []
    mine = await _made_by(session, run, [hit.subject_id for hit in hits.values() if hit.kind == "company"])
    for row, one in zip(rows, keys, strict=True):
        hit = checking.hit_of(one, hits)
        if hit is None or (hit.kind == "company" and hit.subject_id in mine):
            fresh.append(row)
        else:
            doubled.append((row, hit))
    visible = await visible_of(session, run, [hit.subject_id for _, hit in doubled])
    return fresh, [{"number": row.number, "state": RowState.DUPLICATE, "match": checking.masked(hit, visible)} for row, hit in doubled]


async def _made_by(session: AsyncSession, run: ImportRun, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these records this run has made itself."""
    return {row.subject_id for row in await queries.MADE.rows(session, run=run.id, ids=list(ids))} if ids else set()


async def _update(
    session: AsyncSession, run: ImportRun, author: Author, plan: Plan, settings: ImportSettings, rows: Sequence[Any], now: datetime
) -> list[dict[str, Any]]:
    """As far as the importer may change each record."""
    if not rows:
        return []
    await session.flush()
    await bind(session, Lens.PERSON, str(run.person_id))
    wanted = {row.subject_id: row.fields for row in rows}
    only_empty = settings.overwrite is rules.Overwrite.EMPTY
    done = await TARGETS[run.target].update(session, author, plan, wanted, only_empty=only_empty, now=now)
    await bind(session, Lens.SYSTEM, str(run.person_id))
    refused = [{"field": "number", "code": "not_allowed_to_change", "params": {}}]
    return [
        {"number": row.number, "state": done[row.subject_id]}
        if row.subject_id in done
        else {"number": row.number, "state": RowState.PROBLEM, "problems": refused}
        for row in rows
    ]


async def finish(session: AsyncSession, job: Held, problems_file_id: UUID | None, now: datetime, real_now: datetime) -> None:
    """All rows are settled: the importer and those who got something are told, once."""
    run = await held(session, job, real_now)
    author, _ = await author_of(session, run, real_now)
    run.finished_at, run.problems_file_id, run.done = now, problems_file_id, run.total
    params = {"file": run.file_name, "by": author.name, "created": run.created, "updated": run.updated}
    left_out = run.problems + run.duplicates
    await queries.WHOLE_TABLES.rows(session)
    told = await TARGETS[run.target].owners(session, run.id)
    await session.flush()
    notices = [Notice([run.person_id], "import.finished", {**params, "left_out": left_out}, "import", run.id)]
    kind = TARGETS[run.target].told
    others = {person: {**params, "count": count} for person, count in told.items() if person != run.person_id}
    notices += [Notice([person], kind, mine, "import", run.id) for person, mine in others.items()]
    await notify(session, *notices, now=now)
    await turn(session, run, RunState.DONE, now)


async def undo_batch(session: AsyncSession, job: Held, now: datetime, real_now: datetime) -> bool:
    """Takes back the next thousand records that nobody has touched since; the others say so in their row."""
    run = await held(session, job, real_now)
    author, _ = await author_of(session, run, real_now)
    target, settings = TARGETS[run.target], ImportSettings.model_validate(run.settings)
    rows = (await session.execute(queries.next_rows(run.id, run.cursor, rules.BATCH, [RowState.CREATED]))).all()
    if not rows:
        run.finished_at = now
        await turn(session, run, RunState.UNDONE, now)
        return False
    plan = Plan(run.id, run.file_name, settings.assignment, settings.needs_first_contact)
    versions = {row.subject_id: row.subject_version for row in rows}
    gone = await target.withdraw(session, author, plan, versions, run.undo_reason or "", now)
    kept = [{"field": "", "code": "changed_since", "params": {}}]
    outcome = [
        {"number": row.number, "state": RowState.UNDONE}
        if row.subject_id in gone
        else {"number": row.number, "state": RowState.CREATED, "problems": kept}
        for row in rows
    ]
    await queries.SETTLED.rows(session, run=run.id, rows=json.dumps(outcome))
    run.cursor, run.done, run.undone = rows[-1].number, run.done + len(rows), run.undone + len(gone)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)
    return True
