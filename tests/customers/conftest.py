"""The sales house of the leads, with what customers leave behind."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.identity.models import Person
from backend.notifications.models import Notification
from backend.timeline.models import TimelineEntry
from tests.leads.conftest import House, desk, house
from tests.leads.desk import Desk, DeskOf

__all__ = ["desk", "house"]
CUSTOMERS = "/api/v1/customers"
REQUESTS = "/api/v1/change-requests"
HUAWEI = "914403001922038216"
TENCENT = "9144030071526726XG"
NEW = {
    "name": "苏州恒达机械有限公司", "credit_code": HUAWEI, "province": "江苏省", "city": "苏州市", "industry": "机械制造",
    "contacts": [{"name": "王芳", "role": "decider", "phone": "13812345678"}, {"name": "陈工", "role": "technical", "email": "chen@hengda.cn"}],
}  # fmt: skip


@dataclass
class Shop:
    """The house as customers' tests use it: one desk per person, and what was left behind."""

    house: House
    open_desk: DeskOf
    desks: dict[UUID, Desk] = field(default_factory=dict)

    async def of(self, person: Person) -> Desk:
        if person.id not in self.desks:
            self.desks[person.id] = await self.open_desk(person)
        return self.desks[person.id]

    async def ask(self, person: Person, customer: Customer, **changes: Any) -> dict[str, Any]:
        """A change request, as its author gets it."""
        body = {"reason": "客户来函更名", **changes}
        answer = await (await self.of(person)).edit(f"{CUSTOMERS}/{customer.id}", body, customer.version)
        assert answer.status_code == 202, answer.text
        request: dict[str, Any] = answer.json()["change_request"]
        return request

    async def decide(self, person: Person, request: dict[str, Any], verdict: str = "approve", comment: str = "情况属实") -> Any:
        body = {"verdict": verdict, "comment": comment}
        return await (await self.of(person)).post(f"{REQUESTS}/{request['id']}/decision", body)

    async def customer(self, customer_id: UUID) -> Customer:
        """As it now stands in the database."""
        found = await self.house.session.get(Customer, customer_id, populate_existing=True)
        assert found is not None
        return found

    async def traces(self) -> tuple[Any, ...]:
        """Everything that a change of customers would leave."""
        session = self.house.session
        tables = (TimelineEntry, Notification, ChangeRequest)
        counts = [await session.scalar(select(func.count()).select_from(table)) for table in tables]
        events = await session.scalar(select(func.count()).select_from(Outbox))
        customers = select(Customer.id, Customer.version, Customer.state, Customer.name, Customer.last_activity_at).order_by(Customer.id)
        contacts = select(Contact.id, Contact.version, Contact.name).order_by(Contact.id)
        states = select(ChangeRequest.id, ChangeRequest.state, ChangeRequest.approver_id).order_by(ChangeRequest.id)
        rows = [(await session.execute(query)).tuples().all() for query in (customers, contacts, states)]
        return (*counts, events, *rows)


@pytest.fixture
def shop(house: House, desk: DeskOf) -> Shop:
    return Shop(house, desk)
