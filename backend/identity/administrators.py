"""Somebody always stays who can manage people and settings: a firm that locks itself out needs the operator of its machine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Refused
from backend.core.locking import take_turns
from backend.identity import queries
from backend.identity.rules import ADMINISTRATOR, LAST_HELD


async def lock(session: AsyncSession) -> None:
    """Who counts administrators waits for whoever is making or unmaking one."""
    await take_turns(session, "make or unmake an administrator")


async def require_another(session: AsyncSession, person_id: UUID) -> None:
    """409 where this person is an administrator and no other one with lasting access would be left."""
    await lock(session)
    holders = (await session.scalars(queries.holders(ADMINISTRATOR).execution_options(populate_existing=True))).all()
    lasting = [person.id for person in holders if person.access_ends_at is None]
    if person_id in {person.id for person in holders} and set(lasting) <= {person_id}:
        raise Refused(
            "last_administrator",
            "This is the last administrator whose access does not end; make a colleague an administrator first.",
        )


async def keep_in_good_hands(session: AsyncSession, now: datetime) -> None:
    """409 after a change by which nobody who works here could manage people or settings any more."""
    await lock(session)
    lost = [permission for permission in LAST_HELD if not await session.scalar(queries.is_held(permission, now))]
    if lost:
        raise Refused(
            "last_administrator", f"Nobody would be left with {', '.join(lost)}; give it to somebody else first.", permissions=lost
        )
