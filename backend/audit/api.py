"""Reading the audit."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import String, cast, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.pagination import Cursor, Limit, Page, decode_cursor, page_of
from backend.core.schemas import Out
from backend.identity.deps import CurrentActor, PersonSession
from backend.identity.models import Person, Region
from backend.identity.schemas import PersonRef

router = APIRouter(tags=["audit"])
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AuditEntryOut(Out):
    """One write: `before` and `after` hold only the changed columns on an update."""

    id: int
    at: datetime
    actor: str
    request_id: str
    ip: str
    table_name: str
    row_id: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangeOut(Out):
    """One change of a setting, with who made it (null: the system); secrets are hidden in it. `names` are those of the people and regions
    that it speaks of by id.
    """

    id: int
    at: datetime
    by: PersonRef | None
    table_name: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    names: dict[str, str]


@router.get("/changes")
async def list_changes(
    session: PersonSession,
    table: Annotated[list[str], Query(max_length=5, description="Tables that the record is kept in")],
    row_id: Annotated[str | None, Query(max_length=100, description="The record; without it all of the tables")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ChangeOut]:
    """What was changed in one record of the settings, or in all of a kind, newest first; as far as the person may read it."""
    shape = ("changes", sorted(table), row_id)
    after = decode_cursor(cursor, (int,), shape)
    # `+ 0`: the few changes of these tables are fetched and sorted, not looked for among all that was ever written.
    query = (
        select(AuditEntry, Person)
        .outerjoin(Person, cast(Person.id, String) == AuditEntry.actor)
        .where(AuditEntry.table_name.in_(table))
        .order_by((AuditEntry.id + 0).desc())
        .limit(limit + 1)
    )
    if row_id is not None:
        query = query.where(AuditEntry.row_id == row_id)
    if after:
        query = query.where(AuditEntry.id < after[0])
    rows, following = page_of((await session.execute(query)).all(), limit, lambda row: (row[0].id,), shape)
    said = ("id", "at", "table_name", "action", "before", "after")
    known = await _names(session, {key for entry, _ in rows for key in _mentioned(entry)})
    items = [
        ChangeOut.model_validate({**{name: getattr(entry, name) for name in said}, "by": person, "names": _of(known, _mentioned(entry))})
        for entry, person in rows
    ]
    return Page(items=items, next_cursor=following)


def _mentioned(entry: AuditEntry) -> set[str]:
    """What looks like an id among the values of a change."""
    values = [*(entry.before or {}).values(), *(entry.after or {}).values()]
    return {value for value in values if isinstance(value, str) and ID.fullmatch(value)}


async def _names(session: AsyncSession, ids: set[str]) -> dict[str, str]:
    wanted = [UUID(one) for one in ids]
    parts = [select(model.id, model.name).where(model.id.in_(wanted)) for model in (Person, Region)]
    return {str(key): name for key, name in await session.execute(union_all(*parts))} if wanted else {}


def _of(known: dict[str, str], ids: set[str]) -> dict[str, str]:
    return {key: known[key] for key in sorted(ids & known.keys())}


@router.get("/audit-entries")
async def list_audit_entries(
    session: PersonSession,
    actor: CurrentActor,
    table: Annotated[str | None, Query(max_length=63)] = None,
    row_id: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntryOut]:
    """Newest first."""
    actor.require("audit.read")
    shape = ("audit", table, row_id)
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if table is not None:
        query = query.where(AuditEntry.table_name == table)
    if row_id is not None:
        query = query.where(AuditEntry.row_id == row_id)
    after = decode_cursor(cursor, (int,), shape)
    if after:
        query = query.where(AuditEntry.id < after[0])
    rows, following = page_of((await session.scalars(query)).all(), limit, lambda row: (row.id,), shape)
    return Page(items=[AuditEntryOut.model_validate(row) for row in rows], next_cursor=following)
