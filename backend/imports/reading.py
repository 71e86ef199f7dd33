"""What people read of runs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.imports import cells, queries, rules, wording
from backend.imports.models import ImportRow, ImportRun
from backend.imports.rules import RowState, RunState
from backend.imports.schemas import RowOut, RunCard, RunOut

SAMPLES = 3
COUNTS = ("total", "done", "problems", "duplicates", "created", "updated", "unchanged", "joined", "undone")


def card(run: ImportRun, person_name: str) -> RunCard:
    return RunCard.model_validate(_fields(run, person_name))


def _fields(run: ImportRun, person_name: str) -> dict[str, Any]:
    plain = {name: getattr(run, name) for name in RunCard.model_fields if hasattr(run, name)}
    counts = {name: getattr(run, name) for name in COUNTS}
    return {**plain, "person": {"id": run.person_id, "name": person_name}, "counts": counts}


async def run_row(session: AsyncSession, run_id: UUID) -> tuple[ImportRun, str]:
    """404 when the run is not visible."""
    found = (await session.execute(queries.run(run_id))).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


async def run(session: AsyncSession, run_id: UUID, person_id: UUID, now: datetime) -> RunOut:
    """The run with what its person may do next and the first rows below its header."""
    found, name = await run_row(session, run_id)
    state = RunState(found.state)
    earlier = await session.scalar(queries.earlier(found.sha256, found.target, found.id))
    first = await session.execute(queries.next_rows(found.id, found.header_row, SAMPLES))
    return RunOut.model_validate(
        {
            **_fields(found, name),
            "header_row": found.header_row,
            "header_rows": found.header_rows,
            "labels": found.labels,
            "settings": found.settings,
            "has_problems_file": found.problems_file_id is not None,
            "undo_reason": found.undo_reason,
            "steps": rules.steps_for(state, found.finished_at, now) if found.person_id == person_id and found.cleared_at is None else [],
            "earlier": {"id": earlier.id, "at": earlier.created_at, "created": earlier.created} if earlier else None,
            "samples": [[cells.text(value)[:80] for value in row.cells] for row in first],
        }
    )


async def runs(session: AsyncSession, cursor: str | None, limit: int) -> Page[RunCard]:
    shape = ("imports",)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.runs(after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row[0].created_at, row[0].id), shape)
    return Page[RunCard](items=[card(found, name) for found, name in shown], next_cursor=next_cursor)


async def rows(session: AsyncSession, run_id: UUID, kind: str, cursor: str | None, limit: int, locale: str) -> Page[RowOut]:
    """Rows of the file in its order, with the reason for those that are left out."""
    found, _ = await run_row(session, run_id)
    shape = ("import-rows", run_id, kind)
    after = decode_cursor(cursor, (int,), shape)
    fetched = (await session.scalars(queries.rows(found, kind, after[0] if after else None, limit))).all()
    shown, next_cursor = page_of(fetched, limit, lambda row: (row.number,), shape)
    return Page[RowOut](items=[_row_out(row, locale) for row in shown], next_cursor=next_cursor)


HIDDEN = ("company_key", "phone_key", "owner_id", "backup_owner_id", "region_id")


def _told(row: ImportRow) -> dict[str, Any] | None:
    """The record that a row changes is no duplicate of it."""
    changes = row.subject_id is not None and row.state in {RowState.READY, RowState.UPDATED, RowState.UNCHANGED}
    return {**row.match, "kind": "changed"} if row.match and changes else row.match


def _row_out(row: ImportRow, locale: str) -> RowOut:
    fields = {name: value for name, value in (row.fields or {}).items() if name not in HIDDEN}
    return RowOut.model_validate(
        {
            "number": row.number,
            "state": row.state,
            "cells": [cells.text(value)[:200] for value in row.cells],
            "fields": fields,
            "problems": row.problems or [],
            "match": row.match,
            "reason": wording.reasons(row.problems, _told(row), locale),
            "subject_id": row.subject_id,
        }
    )


async def locale_of(session: AsyncSession, person_id: UUID) -> str:
    return await session.scalar(queries.locale(person_id)) or "zh-CN"
