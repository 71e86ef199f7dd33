"""A win opens a contract record; a deal that is taken up again before the signature voids it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts.events import ContractChanged, ContractOpened
from backend.contracts.models import Contract, ContractAmount
from backend.contracts.rules import ContractState
from backend.core import outbox
from backend.core.ids import new_id
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityState


async def open_for(session: AsyncSession, opportunity_id: UUID, now: datetime) -> None:
    """The contract of a won deal, with its name and amount; the one that was void stands again. Nothing for a deal taken up meanwhile."""
    said = (getattr(Opportunity, name) for name in ("id", "customer_id", "name", "state", "expected_amount", "currency"))
    deal = (await session.execute(select(*said).where(Opportunity.id == opportunity_id))).one()
    if deal.state != OpportunityState.WON:
        return
    values = {"id": new_id(), "opportunity_id": deal.id, "customer_id": deal.customer_id, "title": deal.name, "opened_at": now}
    statement = insert(Contract).values(values)
    again = {"state": ContractState.SIGNING.value, "opened_at": now, "version": Contract.version + 1}
    contract_id = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["opportunity_id"], set_=again, where=Contract.state == ContractState.VOID
        ).returning(Contract.id)
    )
    if contract_id is None:
        return
    if deal.expected_amount is not None:
        worth = {"amount": deal.expected_amount, "currency": deal.currency}
        amount = insert(ContractAmount).values(contract_id=contract_id, **worth)
        await session.execute(amount.on_conflict_do_update(index_elements=["contract_id"], set_=worth))
    await outbox.add(session, ContractOpened(contract_id, deal.id), now)


async def void_for(session: AsyncSession, opportunity_id: UUID, now: datetime) -> None:
    """What is not signed falls with the win."""
    unsigned = update(Contract).where(Contract.opportunity_id == opportunity_id, Contract.state == ContractState.SIGNING)
    changed = unsigned.values(state=ContractState.VOID.value, version=Contract.version + 1).returning(Contract.id)
    contract_id = await session.scalar(changed.execution_options(synchronize_session=False))
    if contract_id is not None:
        await outbox.add(session, ContractChanged(contract_id, None), now)
