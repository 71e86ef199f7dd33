"""LEAD-7: a lead becomes a customer with a contact and, where there is business in sight, an opportunity, in one transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import reading as customers
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.leads import conversion
from backend.leads import reading as leads
from backend.leads.schemas import Conversion, LeadOut
from backend.opportunities import service
from backend.opportunities.models import Opportunity
from backend.opportunities.schemas import LeadConversion, OpportunityFields


async def convert(session: AsyncSession, actor: Actor, lead_id: UUID, body: LeadConversion, version: int | None, now: datetime) -> LeadOut:
    """The customer as `leads.conversion` makes or joins it; an opportunity of the lead is opened once, however often it is asked for."""
    row = await leads.detail_row(session, actor, lead_id)
    converted = Conversion.model_validate(body.model_dump(include=set(Conversion.model_fields)))
    lead = await conversion.convert(session, actor, lead_id, converted, version, now)
    wanted = body.opportunity
    if wanted is None or lead.customer is None:
        return lead
    actor.require("opportunity.create")
    if await session.scalar(select(Opportunity.id).where(Opportunity.lead_id == lead_id)) is None:
        found = await duplicates.survivor(session, lead.customer.id)
        customer = await customers.detail_row(session, actor, found)
        said = {
            "name": wanted.name or f"{customer.name} {row.product_line or ''}".strip(),
            "expected_amount": row.expected_amount if wanted.expected_amount is None else wanted.expected_amount,
            "currency": wanted.currency or row.currency,
            "expected_close_on": wanted.expected_close_on,
            "product_line": wanted.product_line or row.product_line,
            "need": wanted.need or row.need,
        }
        fields = OpportunityFields.model_validate(said)
        place, came = "#/opportunity/pipeline_id", {"lead_received_at": row.received_at}
        await service.make(session, actor, customer, fields, wanted.pipeline_id, now, place, source=row.source, lead_id=lead_id, **came)
    return lead
