"""Taking a list out: asked for, approved above a number of rows, made, taken and forgotten."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import files, outbox
from backend.core.db import Lens, after_commit, bind
from backend.core.errors import Forbidden, Invalid, NotFound, Refused, field_error
from backend.core.ids import new_id
from backend.core.pagination import Page, decode_cursor, page_of
from backend.identity.deps import LENS_OF_SCOPE, Actor
from backend.identity.models import Person
from backend.identity.queries import administrators
from backend.imports import exporting, queries, rules
from backend.imports.events import ExportChanged, ExportPolicyChanged
from backend.imports.models import ExportDownload, ExportPolicy, ExportRun
from backend.imports.rules import ExportState
from backend.imports.schemas import ExportCreate, ExportOut, ExportPolicyOut
from backend.imports.service import ring
from backend.imports.targets.registry import list_named
from backend.notifications.service import Notice, notify

POLICY_ID = UUID(int=0)


async def ask(session: AsyncSession, actor: Actor, body: ExportCreate, now: datetime) -> ExportOut:
    """Counts what the person sees; few rows are made at once, many by the worker, very many only when somebody has agreed."""
    actor.require("export.run")
    if body.scope not in actor.reaches:
        raise Forbidden("scope_not_allowed", f"Your roles do not reach {body.scope!r}.", scope=body.scope)
    leaving = list_named(body.target)
    try:
        filters = await leaving.filters(session, body.filters, now)
    except ValueError as error:
        raise Invalid("invalid_filters", str(error), errors=[field_error("#/filters", str(error), "invalid")]) from error
    await bind(session, LENS_OF_SCOPE[body.scope], str(actor.id))
    count = await leaving.count(session, filters, rules.MAX_EXPORT_ROWS + 1)
    await bind(session, Lens.PERSON, str(actor.id))
    if count > rules.MAX_EXPORT_ROWS:
        raise Refused("too_many_rows", f"At most {rules.MAX_EXPORT_ROWS} rows at once; filter the list.", most=rules.MAX_EXPORT_ROWS)
    waits = rules.needs_approval(count, await _approval_above(session))
    export = ExportRun(
        id=new_id(),
        person_id=actor.id,
        target=body.target,
        scope=body.scope,
        filters=filters,
        format=body.format.value,
        state=(ExportState.WAITING if waits else ExportState.MAKING).value,
        rows=count,
        reason=body.reason,
        created_at=now,
    )
    session.add(export)
    await session.flush()
    await outbox.add(session, ExportChanged(export.id, export.state), now)
    if waits:
        await _ask_for_approval(session, actor, export, now)
    elif count <= rules.EXPORT_ROWS_AT_ONCE:
        await exporting.make(session, export, now)
        await bind(session, Lens.PERSON, str(actor.id))
    else:
        after_commit(session, ring, key="imports")
    return await one(session, actor, export.id)


async def _approval_above(session: AsyncSession) -> int:
    found = await session.scalar(queries.APPROVAL_ABOVE)
    return rules.EXPORT_APPROVAL_ABOVE if found is None else found


async def _ask_for_approval(session: AsyncSession, actor: Actor, export: ExportRun, now: datetime) -> None:
    """The direct supervisor, or the administrators where there is none."""
    supervisor = await session.scalar(select(Person.supervisor_id).where(Person.id == actor.id))
    people = [supervisor] if supervisor else list(await session.scalars(administrators(now)))
    params = {"by": actor.name, "target": export.target, "rows": export.rows, "reason": export.reason}
    await notify(session, Notice(people, "export.waiting", params, "export", export.id), now=now)


def _out(row: Any, actor: Actor) -> ExportOut:
    export, person_name, decider_name, supervises = row
    plain = {name: getattr(export, name) for name in ExportOut.model_fields if hasattr(export, name)}
    decider = {"id": export.decided_by, "name": decider_name} if export.decided_by else None
    return ExportOut.model_validate(
        {
            **plain,
            "person": {"id": export.person_id, "name": person_name},
            "decided_by": decider,
            "is_own": export.person_id == actor.id,
            "may_decide": export.state == ExportState.WAITING and _may_decide(export, actor, supervises=supervises),
        }
    )


def _may_decide(export: ExportRun, actor: Actor, *, supervises: bool) -> bool:
    return rules.may_decide(
        is_own=export.person_id == actor.id,
        supervises=supervises,
        is_administrator="administrator" in actor.roles,
        may_approve=actor.may("export.approve"),
    )


async def one(session: AsyncSession, actor: Actor, export_id: UUID) -> ExportOut:
    row = (await session.execute(queries.export(export_id).execution_options(populate_existing=True))).first()
    if row is None:
        raise NotFound
    return _out(row, actor)


async def page(session: AsyncSession, actor: Actor, cursor: str | None, limit: int) -> Page[ExportOut]:
    """One's own and those that one may decide on, newest first."""
    shape = ("exports",)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    rows = (await session.execute(queries.exports(after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row[0].created_at, row[0].id), shape)
    return Page[ExportOut](items=[_out(row, actor) for row in shown], next_cursor=next_cursor)


async def decide(session: AsyncSession, actor: Actor, export_id: UUID, comment: str, now: datetime, *, is_approved: bool) -> ExportOut:
    """Once; the requester learns it, and an approved list is made as the requester sees it then."""
    row = (await session.execute(queries.export(export_id))).first()
    if row is None:
        raise NotFound
    actor.require("export.approve")
    export = row[0]
    if not _may_decide(export, actor, supervises=row.supervises):
        raise Forbidden("not_your_decision", "The requester's supervisor or an administrator decides; nobody on their own.")
    state = ExportState.MAKING if is_approved else ExportState.REJECTED
    decided = {"state": state.value, "decided_by": actor.id, "decided_at": now, "comment": comment or None}
    waiting = update(ExportRun).where(ExportRun.id == export_id, ExportRun.state == ExportState.WAITING).values(decided)
    if not (await session.execute(waiting.returning(ExportRun.id).execution_options(synchronize_session=False))).first():
        raise Refused("export_decided", "Somebody has decided already.")
    await outbox.add(session, ExportChanged(export_id, state), now)
    params = {"by": actor.name, "rows": export.rows, "comment": comment}
    kind = "export.approved" if is_approved else "export.rejected"
    await notify(session, Notice([export.person_id], kind, params, "export", export_id), now=now)
    after_commit(session, ring, key="imports")
    return await one(session, actor, export_id)


async def take(session: AsyncSession, actor: Actor, export_id: UUID, now: datetime) -> files.StoredFile:
    """The finished file, for its requester alone, until it expires; each download is written down."""
    row = (await session.execute(queries.export(export_id))).first()
    if row is None or row[0].person_id != actor.id:
        raise NotFound
    actor.require("export.run")
    export: ExportRun = row[0]
    if export.state == ExportState.READY and export.expires_at is not None and export.expires_at > now and export.file_id is not None:
        await session.execute(insert(ExportDownload).values(id=new_id(), export_id=export_id, person_id=actor.id, at=now).inline())
        await outbox.add(session, ExportChanged(export_id, "taken"), now)
        return await session.get_one(files.StoredFile, export.file_id)
    if export.state in {ExportState.READY, ExportState.EXPIRED}:
        raise Refused("export_expired", "The file is no longer kept; export the list again.")
    raise Refused("export_not_ready", "The file is not there yet.", state=export.state)


async def policy(session: AsyncSession) -> ExportPolicyOut:
    return ExportPolicyOut(approval_above=await _approval_above(session))


async def set_policy(session: AsyncSession, actor: Actor, approval_above: int, now: datetime) -> ExportPolicyOut:
    actor.require("settings.manage")
    await session.execute(update(ExportPolicy).values(approval_above=approval_above))
    await outbox.add(session, ExportPolicyChanged(POLICY_ID, approval_above), now)
    return ExportPolicyOut(approval_above=approval_above)
