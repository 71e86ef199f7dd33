"""Default data of every module, put in once and then left to the company to change."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import defaults as deadlines
from backend.documents import defaults as documents
from backend.identity import defaults as identity
from backend.imports import defaults as imports
from backend.leads import defaults as leads
from backend.notifications import defaults as notifications
from backend.opportunities import funnel
from backend.pipelines import defaults as pipelines


async def install_defaults(session: AsyncSession) -> None:
    """Idempotent: what exists already is left alone."""
    await identity.install(session)
    await deadlines.install(session)
    await notifications.install(session)
    await leads.install(session)
    await documents.install(session)
    await pipelines.install(session)
    await imports.install(session)
    await funnel.install(session)
