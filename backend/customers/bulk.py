"""One action on many customers; a new owner or backup is protected information, so each becomes a change request (HAND-1)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import bulk
from backend.core.bulk import BulkResult
from backend.core.errors import Refused
from backend.customers import reading, service
from backend.customers.bulk_schemas import CustomersArchive, CustomersChange
from backend.customers.schemas import CustomerPatch
from backend.identity.deps import Actor

WAITS, DONE = 202, 200


async def apply(session: AsyncSession, actor: Actor, body: CustomersChange, now: datetime) -> BulkResult:
    """Each customer by itself; 202 in its row when a superior has to agree first."""
    return await bulk.apply(session, body.ids, _step(session, actor, body, now), lambda waits: WAITS if waits else DONE)


def _step(session: AsyncSession, actor: Actor, body: CustomersChange, now: datetime) -> Callable[[UUID], Awaitable[bool]]:
    async def archive(customer_id: UUID) -> bool:
        await service.archive(session, actor, customer_id, body.reason, now)
        return False

    async def assign(customer_id: UUID) -> bool:
        row = await reading.detail_row(session, actor, customer_id)
        patch = CustomerPatch.model_validate({"reason": body.reason, **_wanted(body)})
        changed = await service.change(session, actor, customer_id, patch, row.version, now)
        if changed.change_request is None:
            raise Refused("nothing_changes", "It is so already.")
        return True

    return archive if isinstance(body, CustomersArchive) else assign


def _wanted(body: Any) -> dict[str, UUID]:
    return {"owner_id" if body.action == "assign_owner" else "backup_owner_id": body.person_id}
