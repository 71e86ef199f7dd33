"""Reading the audit."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import String, cast, select

from backend.audit.models import AuditEntry
from backend.core.pagination import Cursor, Limit, Page, decode_cursor, page_of
from backend.core.schemas import Out
from backend.identity.deps import CurrentActor, PersonSession
from backend.identity.models import Person
from backend.identity.schemas import PersonRef

router = APIRouter(tags=["audit"])


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
    """One change of a setting, with who made it (null: the system); secrets are hidden in it."""

    id: int
    at: datetime
    by: PersonRef | None
    table_name: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@router.get("/changes")
async def list_changes(
    session: PersonSession,
    row_id: Annotated[str, Query(max_length=100)],
    table: Annotated[list[str], Query(max_length=5, description="Tables that the record is kept in")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ChangeOut]:
    """What was changed in one record, newest first; as far as the person may read it."""
    shape = ("changes", sorted(table), row_id)
    after = decode_cursor(cursor, (int,), shape)
    query = (
        select(AuditEntry, Person)
        .outerjoin(Person, cast(Person.id, String) == AuditEntry.actor)
        .where(AuditEntry.table_name.in_(table), AuditEntry.row_id == row_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit + 1)
    )
    if after:
        query = query.where(AuditEntry.id < after[0])
    rows, following = page_of((await session.execute(query)).all(), limit, lambda row: (row[0].id,), shape)
    names = ("id", "at", "table_name", "action", "before", "after")
    items = [ChangeOut.model_validate({**{name: getattr(entry, name) for name in names}, "by": person}) for entry, person in rows]
    return Page(items=items, next_cursor=following)


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
