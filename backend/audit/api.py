"""Reading the audit."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.core.pagination import Cursor, Limit, Page, decode_cursor, page_of
from backend.core.schemas import Out
from backend.identity.deps import CurrentActor, PersonSession

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
