"""One administrator always stays: a firm that locks itself out needs the operator of its machine."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Refused
from backend.identity import queries
from backend.identity.rules import ADMINISTRATOR


async def lock(session: AsyncSession) -> None:
    """Who counts administrators waits for whoever is making or unmaking one."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("administrators"))))


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
