"""What people do with a run: upload, say how it is read, start, stop, go on, undo, discard; and keep mappings."""

import hashlib
import json
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, outbox
from backend.core.db import after_commit
from backend.core.errors import Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.wakeups import wake
from backend.identity.deps import Actor
from backend.imports import archive, headers, mapping, queries, reading, rules
from backend.imports.events import ImportChanged, MappingSaved
from backend.imports.models import ImportMapping, ImportRun
from backend.imports.rules import Assignment, Mode, OnDuplicate, RunState, Step, Unreadable
from backend.imports.schemas import ImportSettings, MappingIn, MappingOut, Mappings, RunOut
from backend.imports.targets.base import Target
from backend.imports.targets.registry import target_named

CHANNEL = "imports"
MEDIA_TYPE = "application/octet-stream"
REMEDIES = {
    "empty_file": "The file is empty.",
    "file_too_large": "A file may have at most 50 MB; split it.",
    "unknown_format": "This is neither an Excel workbook (.xlsx, .xls) nor a CSV file.",
    "disguised_file": "The content is a web page or plain text, whatever the name says; open it in Excel and save it as .xlsx.",
    "macro_workbook": "The workbook contains macros; save it as .xlsx without macros and upload it again.",
    "encrypted_workbook": "The workbook has a password; remove it in Excel (File, Info, Protect Workbook) and upload it again.",
    "unpacks_too_large": "The workbook unpacks to far more than it should; save it anew in Excel.",
    "broken_file": "The file is damaged; open and save it in Excel.",
}


async def ring() -> None:
    wake(CHANNEL)


async def upload(session: AsyncSession, actor: Actor, target: str, name: str, file: BinaryIO, now: datetime) -> RunOut:
    """Looks at the file, keeps it and leaves the reading to the worker; 422 with the remedy for what nobody should open."""
    actor.require("import.run")
    actor.require(target_named(target).creates)
    try:
        archive.kind_of(file, name)
    except Unreadable as error:
        raise Invalid(error.refusal.value, REMEDIES[error.refusal.value]) from error
    file_id, _, sha256 = await files.store(session, file, actor=str(actor.id), name=name, media_type=MEDIA_TYPE, now=now)
    run_id = new_id()
    values = {"target": target, "person_id": actor.id, "file_id": file_id, "file_name": name, "sha256": sha256, "created_at": now}
    await session.execute(insert(ImportRun).values(**values, id=run_id, state=RunState.READING.value).inline())
    await outbox.add(session, ImportChanged(run_id, RunState.READING), now)
    after_commit(session, ring, key=CHANNEL)
    return await reading.run(session, run_id, actor.id, now)


async def _own(session: AsyncSession, actor: Actor, run_id: UUID, step: Step, now: datetime) -> ImportRun:
    """The run, locked, when this step may be taken now: 404 unseen or somebody else's, 403 not allowed, 409 where its state forbids."""
    found, _ = await reading.run_row(session, run_id)
    actor.require("import.run")
    if found.person_id != actor.id:
        raise NotFound
    held = await session.scalar(select(ImportRun).where(ImportRun.id == run_id).with_for_update().execution_options(populate_existing=True))
    if held is None:
        raise NotFound
    if held.cleared_at is not None or step not in rules.steps_for(RunState(held.state), held.finished_at, now):
        raise Refused("import_state_forbids", "The run is in another state; look at it again.", state=held.state)
    return held


async def _move(session: AsyncSession, run: ImportRun, step: Step, now: datetime, **values: Any) -> None:
    run.state = rules.STEPS[step][1].value
    for name, value in values.items():
        setattr(run, name, value)
    await session.flush()
    await outbox.add(session, ImportChanged(run.id, run.state), now)
    after_commit(session, ring, key=CHANNEL)


async def set_settings(session: AsyncSession, actor: Actor, run_id: UUID, body: ImportSettings, now: datetime) -> RunOut:
    """How the file is read; the worker then checks every row against it."""
    run = await _own(session, actor, run_id, Step.SET, now)
    target = target_named(run.target)
    first = [(row.number, row.cells) for row in await session.execute(queries.first_rows(run_id, 200))]
    header = headers.at(first, body.header_row, body.header_rows)
    _check(body, target, len(header.labels))
    values = {"header_row": header.last_row, "header_rows": header.rows, "labels": list(header.labels)}
    values |= {"settings": body.model_dump(mode="json"), "cursor": header.last_row, "done": 0, "problems": 0, "duplicates": 0}
    await _move(session, run, Step.SET, now, **values, leased_until=None)
    return await reading.run(session, run_id, actor.id, now)


def _check(body: ImportSettings, target: Target, width: int) -> None:
    """Every column has a field that there is, and the record can be recognised and reached."""
    known = {field.key: field for field in target.fields}
    errors = []
    if len(body.columns) != width:
        errors.append(field_error("#/columns", f"The file has {width} columns.", "wrong_length"))
    named = [key for key in body.columns if key not in {mapping.IGNORED, mapping.EXTRA}]
    for index, key in enumerate(body.columns):
        if key in {mapping.IGNORED, mapping.EXTRA}:
            continue
        if key not in known:
            errors.append(field_error(f"#/columns/{index}", f"There is no field {key!r}.", "unknown_field"))
        elif named.count(key) > 1 and not known[key].takes_many:
            errors.append(field_error(f"#/columns/{index}", f"Only one column can fill {key!r}.", "named_twice"))
    errors += _unfit(body, target, set(named))
    if errors:
        raise Invalid("invalid_mapping", "The settings do not fit the file; each mistake is named in `errors`.", errors=errors)


def _unfit(body: ImportSettings, target: Target, named: set[str]) -> list[dict[str, str]]:
    """What this register cannot be filled with, or in which way."""
    errors = []
    if body.mode is Mode.CREATE or "number" not in named:
        errors += [field_error("#/columns", one.said, one.code) for one in target.needs[body.mode] if not one.fields & set(named)]
    if body.assignment is Assignment.KEEP and "owner" not in named and not (body.mode is Mode.UPDATE and not body.create_missing):
        errors.append(field_error("#/assignment", "No column names the owner; choose another way.", "no_owner_column"))
    if body.assignment not in target.assignments:
        errors.append(field_error("#/assignment", "These records cannot be given out in this way.", "unfit_assignment"))
    if body.on_duplicate is OnDuplicate.CREATE and not target.may_double:
        errors.append(field_error("#/on_duplicate", "A second record of one firm cannot be made by a file.", "no_doubles"))
    return errors


def fingerprint(sha256: str, target: str, settings: dict[str, Any]) -> str:
    """Equal for the same file with the same settings."""
    return hashlib.sha256(json.dumps([sha256, target, settings], sort_keys=True).encode()).hexdigest()


async def start(session: AsyncSession, actor: Actor, run_id: UUID, now: datetime) -> RunOut:
    """From here on the worker writes; the same file with the same settings is imported once."""
    run = await _own(session, actor, run_id, Step.START, now)
    if ImportSettings.model_validate(run.settings).mode is Mode.CREATE:
        actor.require(target_named(run.target).creates)
    mark = fingerprint(run.sha256, run.target, run.settings)
    earlier = await session.scalar(select(ImportRun).where(ImportRun.fingerprint == mark, ImportRun.state.in_(rules.HOLDS_FILE)))
    if earlier is not None:
        raise Refused("already_imported", "This file was imported with these settings.", run_id=str(earlier.id), created=earlier.created)
    try:
        async with session.begin_nested():
            begun = {"cursor": run.header_row, "done": run.problems + run.duplicates}
            await _move(session, run, Step.START, now, fingerprint=mark, started_at=now, **begun, leased_until=None)
    except IntegrityError as error:
        raise Refused("already_imported", "A colleague has imported this file with these settings.") from error
    return await reading.run(session, run_id, actor.id, now)


async def stop(session: AsyncSession, actor: Actor, run_id: UUID, now: datetime) -> RunOut:
    """Nothing more is written: a batch under way is not finished. What stands stays, and the run can go on."""
    await _move(session, await _own(session, actor, run_id, Step.STOP, now), Step.STOP, now)
    return await reading.run(session, run_id, actor.id, now)


async def resume(session: AsyncSession, actor: Actor, run_id: UUID, now: datetime) -> RunOut:
    await _move(session, await _own(session, actor, run_id, Step.RESUME, now), Step.RESUME, now, leased_until=None, refusal=None)
    return await reading.run(session, run_id, actor.id, now)


async def undo(session: AsyncSession, actor: Actor, run_id: UUID, reason: str, now: datetime) -> RunOut:
    """Takes back what the run made and nobody has worked on since."""
    run = await _own(session, actor, run_id, Step.UNDO, now)
    await _move(session, run, Step.UNDO, now, undo_reason=reason, cursor=0, done=0, leased_until=None)
    return await reading.run(session, run_id, actor.id, now)


async def discard(session: AsyncSession, actor: Actor, run_id: UUID, now: datetime) -> RunOut:
    """Nothing was written yet, and nothing will be."""
    await _move(session, await _own(session, actor, run_id, Step.DISCARD, now), Step.DISCARD, now, finished_at=now)
    return await reading.run(session, run_id, actor.id, now)


async def mappings(session: AsyncSession, actor: Actor, target: str) -> Mappings:
    actor.require("import.run")
    found = await session.scalars(queries.mappings(actor.id, target_named(target).key))
    return Mappings(items=[_mapping_out(row, actor) for row in found])


def _mapping_out(row: ImportMapping, actor: Actor) -> MappingOut:
    plain = {name: getattr(row, name) for name in MappingOut.model_fields if hasattr(row, name)}
    return MappingOut.model_validate({**plain, "is_own": row.person_id == actor.id})


async def save_mapping(session: AsyncSession, actor: Actor, body: MappingIn, now: datetime) -> MappingOut:
    """Keeps the settings of a run under a name; the same name again replaces them."""
    actor.require("import.run")
    run, _ = await reading.run_row(session, body.run_id)
    if not run.settings or run.target != body.target:
        raise Refused("import_state_forbids", "The run has no settings yet.", state=run.state)
    same = (
        ImportMapping.person_id == actor.id,
        ImportMapping.target == body.target,
        ImportMapping.name == body.name,
        ImportMapping.is_active,
    )
    await session.execute(update(ImportMapping).where(*same).values(is_active=False).execution_options(synchronize_session=False))
    kept = ImportMapping(
        person_id=actor.id,
        target=body.target,
        name=body.name,
        signature=mapping.signature(run.labels),
        settings=run.settings,
        is_shared=body.is_shared,
        is_active=True,
        created_at=now,
    )
    session.add(kept)
    await session.flush()
    await outbox.add(session, MappingSaved(kept.id), now)
    return _mapping_out(kept, actor)


async def forget_mapping(session: AsyncSession, actor: Actor, mapping_id: UUID, now: datetime) -> None:
    """Its author takes it off the list; it stays in the audit."""
    actor.require("import.run")
    kept = await session.get(ImportMapping, mapping_id)
    if kept is None or kept.person_id != actor.id:
        raise NotFound
    kept.is_active = False
    await session.flush()
    await outbox.add(session, MappingSaved(kept.id), now)
