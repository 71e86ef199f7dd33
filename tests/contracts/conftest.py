"""The sales house with a deal that is about to be won."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.contracts.models import Contract, ContractAmount, DeliveryMilestone
from backend.core.outbox import Outbox
from backend.deadlines.models import Deadline
from backend.identity.models import Person
from backend.notifications.models import Notification
from backend.opportunities.models import Opportunity
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW
from tests.factories import make_opportunity
from tests.leads.conftest import desk, house
from tests.opportunities.conftest import OPPORTUNITIES, Sales, sales

__all__ = ["desk", "house", "sales"]
CONTRACTS = "/api/v1/contracts"
READY: dict[str, Any] = {
    "expected_amount": Decimal("88000.00"),
    "expected_close_on": NOW.date(),
    "need": "支架一万件",
    "product_line": "冲压件",
}


@dataclass
class Signing:
    """A deal and the contract that its win has opened."""

    sales: Sales
    deal: Opportunity
    id: UUID

    @property
    def path(self) -> str:
        return f"{CONTRACTS}/{self.id}"

    async def seen(self, person: Person) -> dict[str, Any]:
        answer = await (await self.sales.of(person)).get(self.path)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def do(self, person: Person, what: str, body: dict[str, Any], *, patch: bool = False) -> Any:
        """As the person sees it now."""
        version = (await self.seen(person))["version"]
        user = await self.sales.of(person)
        send = user.patch if patch else user.post
        return await send(f"{self.path}{what}", body, **{"If-Match": f'"v{version}"'})

    async def sign(self, **body: Any) -> dict[str, Any]:
        signed = await self.do(self.sales.house.zhang, "/signature", {"signed_on": "2026-03-10", **body})
        assert signed.status_code == 200, signed.text
        shown: dict[str, Any] = signed.json()
        return shown

    async def milestone(self, milestone_id: str, **body: Any) -> Any:
        return await self.do(self.sales.house.zhang, f"/milestones/{milestone_id}", body, patch=True)

    async def traces(self) -> tuple[Any, ...]:
        """Everything that a change of a contract would leave."""
        session = self.sales.house.session
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (TimelineEntry, Notification, Outbox, DeliveryMilestone)
        ]
        kept = select(Contract.version, Contract.state, Contract.title, Contract.reference, Contract.note, ContractAmount.amount)
        queries = (
            kept.join(ContractAmount, ContractAmount.contract_id == Contract.id),
            select(DeliveryMilestone.due_on, DeliveryMilestone.done_on, DeliveryMilestone.reason).order_by(DeliveryMilestone.id),
            select(Deadline.state, Deadline.due_at).order_by(Deadline.id),
            select(Opportunity.version, Opportunity.contract_signed_at),
        )
        return (*counts, *[(await session.execute(query)).tuples().all() for query in queries])


async def win(sales: Sales, deal: Opportunity, now: datetime = NOW) -> None:
    won = await sales.move(sales.house.zhang, deal, "closed", outcome="won")
    assert won.status_code == 200, won.text
    await sales.house.relay(now)


@pytest.fixture
async def signing(sales: Sales) -> Signing:
    deal = await make_opportunity(sales.house.session, sales.customer, "negotiation", name="电机支架年度框架", **READY)
    await win(sales, deal)
    found = (await (await sales.of(sales.house.zhang)).get(f"{OPPORTUNITIES}/{deal.id}/contract")).json()["contract"]
    return Signing(sales, deal, UUID(found["id"]))
