"""SELECTs over contracts; row security adds the scope."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import aliased

from backend.contracts.models import Contract, ContractAmount, DeliveryMilestone
from backend.contracts.rules import ContractState
from backend.customers.models import Customer
from backend.identity.models import Person, Region
from backend.opportunities.models import Opportunity

Owner, Backup, Signer = (aliased(Person, name=name) for name in ("owner", "backup_owner", "signer"))
IS_DUE: ColumnElement[bool] = DeliveryMilestone.done_on.is_(None) & DeliveryMilestone.cancelled_at.is_(None)
IS_KEPT: ColumnElement[bool] = DeliveryMilestone.cancelled_at.is_(None)
FIELDS = ("id", "number", "title", "reference", "state", "customer_id", "opened_at", "signed_on", "completed_on", "version")


def is_late(day: date) -> ColumnElement[bool]:
    """A milestone that `rules.milestone_state` calls late."""
    return and_(IS_DUE, DeliveryMilestone.due_on < day)


def late_contracts(day: date) -> Select[UUID]:
    """Contracts in delivery of which something is late."""
    return select(DeliveryMilestone.contract_id).where(is_late(day))


def cards(*more: Any) -> Select[Any]:
    """Rows for `ContractCard`; null names and amounts are out of sight."""
    mine = DeliveryMilestone.contract_id == Contract.id
    counted = (
        select(func.count().filter(IS_KEPT).label("milestones"), func.count(DeliveryMilestone.done_on).label("milestones_done"))
        .where(mine)
        .lateral("counted")
    )
    following = (
        select(DeliveryMilestone.title.label("next_milestone"), DeliveryMilestone.due_on.label("next_due_on"))
        .where(mine, IS_DUE)
        .order_by(DeliveryMilestone.due_on, DeliveryMilestone.id)
        .limit(1)
        .lateral("following")
    )
    return (
        select(
            *(getattr(Contract, name) for name in FIELDS),
            Opportunity.id.label("opportunity_id"),
            Opportunity.number.label("opportunity_number"),
            Opportunity.name.label("opportunity_name"),
            Opportunity.owner_id,
            Opportunity.backup_owner_id,
            Opportunity.region_id,
            Customer.number.label("customer_number"),
            Customer.name.label("customer_name"),
            Owner.name.label("owner_name"),
            Owner.supervisor_id,
            Backup.name.label("backup_name"),
            Region.name.label("region_name"),
            ContractAmount.amount,
            ContractAmount.currency,
            counted.c.milestones,
            counted.c.milestones_done,
            following.c.next_milestone,
            following.c.next_due_on,
            *more,
        )
        .select_from(Contract)
        .join(Opportunity, Opportunity.id == Contract.opportunity_id)
        .join(Owner, Owner.id == Opportunity.owner_id)
        .outerjoin(Customer, Customer.id == Contract.customer_id)
        .outerjoin(Backup, Backup.id == Opportunity.backup_owner_id)
        .outerjoin(Region, Region.id == Opportunity.region_id)
        .outerjoin(ContractAmount, ContractAmount.contract_id == Contract.id)
        .join(counted, true())
        .outerjoin(following, true())
    )


def detail(contract_id: UUID) -> Select[Any]:
    """One row for `ContractOut`."""
    return (
        cards(Contract.note, Contract.signed_by, Signer.name.label("signer_name"))
        .outerjoin(Signer, Signer.id == Contract.signed_by)
        .where(Contract.id == contract_id)
    )


def milestones(contract_id: UUID) -> Select[DeliveryMilestone]:
    """In the order of the days that now count."""
    order = (DeliveryMilestone.due_on, DeliveryMilestone.promised_on, DeliveryMilestone.id)
    return select(DeliveryMilestone).where(DeliveryMilestone.contract_id == contract_id).order_by(*order)


def page(
    states: Sequence[ContractState], late_on: date | None, owners: Sequence[UUID], after: tuple[Any, ...] | None, limit: int
) -> Select[Any]:
    """The newest first; of some states, of some owners, only those in which something is late on that day."""
    query = cards()
    if states:
        query = query.where(Contract.state.in_([state.value for state in states]))
    if owners:
        query = query.where(Opportunity.owner_id.in_(owners))
    if late_on is not None:
        query = query.where(Contract.state == ContractState.DELIVERING, Contract.id.in_(late_contracts(late_on)))
    if after is not None:
        query = query.where(func.row(Contract.opened_at, Contract.id) < func.row(*after))
    return query.order_by(Contract.opened_at.desc(), Contract.id.desc()).limit(limit)
