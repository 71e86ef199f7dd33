"""The export rule as shipped; a company may change it."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.imports.models import ExportPolicy
from backend.imports.rules import EXPORT_APPROVAL_ABOVE


async def install(session: AsyncSession) -> None:
    await session.execute(insert(ExportPolicy).values(id=1, approval_above=EXPORT_APPROVAL_ABOVE).on_conflict_do_nothing())
