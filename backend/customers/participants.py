"""Which of a customer's contacts took part in a follow-up."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Invalid, field_error
from backend.customers.models import Contact
from backend.customers.rules import CHAIN_ROLES
from backend.duplicates import service as duplicates
from backend.timeline.follow_ups import Participant, others_of
from backend.timeline.schemas import FollowUpCreate


async def of(session: AsyncSession, customer_id: UUID, body: FollowUpCreate) -> list[Participant]:
    """The contacts that were chosen, with their part in the decision chain at this moment, and the others; 422 for what is no contact."""
    return [*await _contacts(session, customer_id, body.contacts), *others_of(body)]


async def _contacts(session: AsyncSession, customer_id: UUID, wanted: Sequence[UUID]) -> list[Participant]:
    if not wanted:
        return []
    family = await duplicates.family(session, customer_id)
    fields = Contact.id, Contact.name, Contact.role
    rows = await session.execute(select(*fields).where(Contact.id.in_(wanted), Contact.customer_id.in_(family)))
    known = {row.id: Participant(row.id, row.name, row.role, row.role in CHAIN_ROLES) for row in rows}
    if len(known) < len(set(wanted)):
        said = "Choose contacts of this customer."
        raise Invalid("invalid_input", said, errors=[field_error("#/contacts", said, "unknown")])
    return [known[one] for one in dict.fromkeys(wanted)]
