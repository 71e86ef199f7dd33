"""Who stands above an owner, and who stands in: escalations and approvals ask the same people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity import queries
from backend.identity.models import Person
from backend.identity.rules import MANAGER_ROLES

Named = tuple[UUID, str]


@dataclass(frozen=True)
class Superior:
    """One step of the chain above an owner."""

    person_id: UUID
    name: str
    is_present: bool
    deputy_id: UUID | None
    deputy_name: str | None


def responsible(chain: Sequence[Superior], level: int, excluded: Collection[UUID]) -> Named | None:
    """The superior of that level, else a present deputy, else the next level up; never one of the excluded (the owner, the author)."""
    for superior in chain[level - 1 :]:
        if superior.is_present and superior.person_id not in excluded:
            return superior.person_id, superior.name
        if superior.deputy_id is not None and superior.deputy_id not in excluded:
            return superior.deputy_id, superior.deputy_name or ""
    return None


async def works_now(session: AsyncSession, person_id: UUID, now: datetime) -> bool:
    """With access, and not on leave."""
    return bool(await session.scalar(select(queries.works_at(Person, now)).where(Person.id == person_id)))


async def manager_of(session: AsyncSession, region_id: UUID, now: datetime) -> Named | None:
    """The present manager of a region, or of the next one above; in one region the lower role of `MANAGER_ROLES` comes first."""
    values = {"region": region_id, "roles": list(MANAGER_ROLES), "now": now}
    manager = (await session.execute(queries.MANAGERS_UP_THE_TREE, values)).first()
    return (manager.id, manager.name) if manager else None


async def superior_of(
    session: AsyncSession, owner_id: UUID, region_id: UUID | None, level: int, now: datetime, *, excluded: Collection[UUID] = ()
) -> Named | None:
    """Whom to ask about an owner's record: the chain from that level up; without one, the manager of the record's region."""
    rows = await session.execute(queries.CHAIN, {"owner": owner_id, "now": now})
    chain = [Superior(one.id, one.name, one.is_present, one.deputy_id, one.deputy_name) for one in rows]
    barred = {owner_id, *excluded}
    found = responsible(chain, level, barred)
    if found is not None or region_id is None:
        return found
    manager = await manager_of(session, region_id, now)
    return manager if manager and manager[0] not in barred else None
