"""Writing and undoing in steps: each is one transaction that is done whole or not at all, so that any worker can go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, bind
from backend.core.hot import as_json
from backend.core.ids import new_id
from backend.identity.batches import Author, Plan
from backend.imports import checking, queries, rules
from backend.imports.coming import Coming
from backend.imports.events import ImportProgressed
from backend.imports.holding import Held, author_of, held, seen, show, turn, visible_of
from backend.imports.models import ImportRun
from backend.imports.rules import Mode, OnDuplicate, RowState, RunState
from backend.imports.schemas import ImportSettings
from backend.imports.targets.base import Hit, Target, problem
from backend.imports.targets.registry import TARGETS
from backend.notifications.service import Notice, notify

WRITERS = 2
"""Batches that are written at a time: what is made for one of them needs the processor, what is written of the other the database."""


async def way(session: AsyncSession, job: Held) -> tuple[Target, int]:
    """The register of the run, and how many of its batches may be written at a time: changes of what is there keep the order of the file."""
    run = await seen(session, job)
    return TARGETS[run.target], WRITERS if ImportSettings.model_validate(run.settings).mode is Mode.CREATE else 1


def marks_of(target: Target, batch: Coming) -> set[tuple[str, str]]:
    """By what a row of another batch might mean the same record as one of these."""
    return {(kind, key) for row in batch.made if row is not None for kind, key in row.keys.items() if kind not in target.own_apart}


@dataclass(frozen=True)
class Ready:
    """A checked row: what tells whether its record exists, and what its draft says beside its fields."""

    number: int
    fields: dict[str, Any]
    keys: dict[str, str]
    more: dict[str, Any]

    def draft(self, now: datetime, **known: Any) -> tuple[int, dict[str, Any]]:
        return self.number, {"received_at": now.isoformat(), **self.fields, **self.more, "id": str(new_id()), **known}


def ready_all(target: Target, rows: Sequence[Any]) -> list[Ready | None]:
    """Of each row that would be new; what changes a record that is known needs none."""
    return [
        None if row.subject_id else Ready(row.number, row.fields, without_number(target.keys(row.fields)), target.derived(row.fields))
        for row in rows
    ]


async def apply_batch(session: AsyncSession, job: Held, batch: Coming, now: datetime, real_now: datetime) -> None:
    """Writes some rows, while others may write the rows after them. What appeared since the check is not made twice."""
    run = await seen(session, job)
    author, _ = await author_of(session, run, real_now)
    target, settings, rows = TARGETS[run.target], ImportSettings.model_validate(run.settings), batch.rows
    plan = Plan(run.id, run.file_name, settings.assignment, settings.needs_first_contact)
    fresh, outcome = await _still_new(session, run, settings, [row for row in batch.made if row is not None], now)
    drafts = [draft for _, draft in fresh]
    made = await target.create(session, author, plan, drafts, now)
    outcome += [{"number": number, **_match(draft), **one} for (number, draft), one in zip(fresh, made, strict=True)]
    outcome += await _update(session, run, author, plan, settings, [row for row in rows if row.subject_id is not None], now)
    await queries.SETTLED.rows(session, run=run.id, rows=as_json(outcome))
    run = await held(session, job, real_now)
    run.done += len(rows)
    _count(run, [row["state"] for row in outcome])
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)


def _match(draft: dict[str, Any]) -> dict[str, Any]:
    return {"match": draft["match"]} if draft.get("match") else {}


def _count(run: ImportRun, states: Sequence[str]) -> None:
    run.created += states.count(RowState.CREATED)
    run.updated += states.count(RowState.UPDATED)
    run.unchanged += states.count(RowState.UNCHANGED)
    run.joined += states.count(RowState.JOINED)
    run.duplicates += states.count(RowState.DUPLICATE)
    run.problems += states.count(RowState.PROBLEM)


async def _still_new(
    session: AsyncSession, run: ImportRun, settings: ImportSettings, rows: Sequence[Ready], now: datetime
) -> tuple[list[tuple[int, dict[str, Any]]], list[dict[str, Any]]]:
    """Drafts, by the number of their row, of what still does not exist, and the others as duplicates."""
    target = TARGETS[run.target]
    await queries.FRESH_PLANS.rows(session)
    hits = await target.find(session, checking.keys_of([row.keys for row in rows], target, settings), now) if rows else {}
    await queries.USUAL_PLANS.rows(session)
    own = await _made_by(session, run, list({hit.subject_id for hit in hits.values()}))
    fresh, doubled = [], []
    met = [_met(run, settings, target, hits, own, row) for row in rows]
    visible = await visible_of(session, run, list({hit.subject_id for hit in met if hit and hit.subject_id not in own}))
    takes_doubles = settings.mode is Mode.CREATE and settings.on_duplicate is OnDuplicate.CREATE
    for row, hit in zip(rows, met, strict=True):
        if hit is None:
            fresh.append(row.draft(now))
        elif hit.subject_id in own and hit.kind in target.own_joined:
            fresh.append(row.draft(now, joins=hit.subject_id))
        elif target.goes_to_owner(hit):
            fresh.append(row.draft(now, same_firm=_same_firm(hit), match=checking.given(hit, visible)))
        elif takes_doubles:
            fresh.append(row.draft(now))
        else:
            doubled.append({"number": row.number, "state": RowState.DUPLICATE, "match": checking.masked(hit, visible)})
    return fresh, doubled


def without_number(keys: dict[str, str]) -> dict[str, str]:
    """What is new has no number yet."""
    return {kind: key for kind, key in keys.items() if kind != checking.NUMBER}


def _met(run: ImportRun, settings: ImportSettings, target: Target, hits: checking.Hits, own: set[UUID], row: Ready) -> Hit | None:
    """What a row hits that counts: a record that the file itself has made may belong to another row, and be another record all the same."""
    owner = checking.owner_of(row.fields, settings, run.person_id)

    def counts(hit: Hit) -> bool:
        is_apart = hit.subject_id in own and hit.kind in target.own_apart
        return not is_apart and target.stands_against(hit, owner)

    return checking.hit_of(row.keys, hits, target, counts)


def _same_firm(hit: Hit) -> dict[str, Any]:
    named = {"person": hit.owner_name, "subject_type": hit.subject_type, "subject_id": str(hit.subject_id), "match": hit.kind}
    return {**named, "owner_id": str(hit.owner_id)}


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
    only_empty = settings.overwrite is rules.Overwrite.EMPTY
    done = await TARGETS[run.target].update(session, author, plan, rows, only_empty=only_empty, now=now)
    await bind(session, Lens.SYSTEM, str(run.person_id))
    refused = {"state": RowState.PROBLEM, "problems": [problem("number", "not_allowed_to_change")]}
    return [{"number": row.number, **done.get(row.number, refused)} for row in rows]


async def finish(session: AsyncSession, job: Held, problems_file_id: UUID | None, now: datetime, real_now: datetime) -> None:
    """All rows are settled: the importer and those who got something are told, once."""
    run = await held(session, job, real_now)
    author, _ = await author_of(session, run, real_now)
    run.finished_at, run.problems_file_id, run.done = now, problems_file_id, run.total
    params = {"file": run.file_name, "by": author.name, "created": run.created, "updated": run.updated}
    left_out = run.problems + run.duplicates
    await queries.WHOLE_TABLES.rows(session)
    told = await TARGETS[run.target].told(session, run.id)
    await session.flush()
    notices = [Notice([run.person_id], "import.finished", {**params, "left_out": left_out}, "import", run.id)]
    others = [one for one in told if one[1] != run.person_id]
    notices += [Notice([person], kind, {**params, "count": count}, "import", run.id) for kind, person, count in others]
    await notify(session, *notices, now=now)
    await turn(session, run, RunState.DONE, now)


async def undo_batch(session: AsyncSession, job: Held, batch: Coming, now: datetime, real_now: datetime) -> None:
    """Takes back those records that nobody has touched since; the others say so in their row."""
    run = await held(session, job, real_now)
    batch.count_for(run)
    author, _ = await author_of(session, run, real_now)
    target, settings, rows = TARGETS[run.target], ImportSettings.model_validate(run.settings), batch.rows
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
    await queries.SETTLED.rows(session, run=run.id, rows=as_json(outcome))
    run.undone += len(gone)
    await show(session, run, author.name, now)
    await outbox.add(session, ImportProgressed(run.id, run.done), now)


async def undone(session: AsyncSession, job: Held, now: datetime, real_now: datetime) -> None:
    run = await held(session, job, real_now)
    run.finished_at = now
    await turn(session, run, RunState.UNDONE, now)
