"""The sales house with a technical department: two engineers, their head, and a deal that needs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text

from backend.core.clock import product_moment
from backend.identity.models import Deputy, Person
from backend.opportunities.models import Opportunity
from backend.support.models import SupportRecord
from tests.factories import make_opportunity, make_person
from tests.opportunities.conftest import Sales, desk, house, sales

__all__ = ["desk", "house", "sales"]
SUPPORT = "/api/v1/support-requests"
NEED = "请评估 0.8 mm 不锈钢拉深是否可行，并给出模具方案"


@dataclass
class Department:
    """The engineers, and the requests that the sales house makes of them."""

    sales: Sales
    head: Person
    wu: Person
    qian: Person
    deal: Opportunity

    async def ask(self, who: Person | None = None, **body: Any) -> Any:
        desk = await self.sales.of(who or self.sales.house.zhang)
        record = {} if "customer_id" in body else {"opportunity_id": str(self.deal.id)}
        return await desk.post(SUPPORT, {"need": NEED, **record, **body})

    async def asked(self, **body: Any) -> dict[str, Any]:
        """One that the relay has handled."""
        made = await self.ask(**body)
        assert made.status_code == 201, made.text
        await self.sales.house.relay()
        shown: dict[str, Any] = made.json()
        return shown

    async def do(self, who: Person, request_id: str, what: str, body: dict[str, Any] | None = None, now: datetime | None = None) -> Any:
        answer = await (await self.sales.of(who)).post(f"{SUPPORT}/{request_id}/{what}", body or {})
        await self.sales.house.relay(*([now] if now else []))
        return answer

    async def ledger(self) -> list[tuple[Any, ...]]:
        """Engineer, round, kind and minutes too late, as it was written."""
        table = SupportRecord
        query = select(Person.name, table.round, table.kind, table.late_minutes).join(Person, Person.id == table.engineer_id)
        return [tuple(row) for row in await self.sales.house.session.execute(query.order_by(table.round, table.kind.desc()))]

    async def deputy(self, person: Person, deputy: Person) -> None:
        self.sales.house.session.add(Deputy(person_id=person.id, role_code="engineer", deputy_id=deputy.id))
        await self.sales.house.session.flush()

    async def traces(self) -> tuple[Any, ...]:
        counts = text(
            "select (select count(*) from support_request), (select count(*) from support_round), (select count(*) from timeline_entry),"
            " (select count(*) from outbox), (select count(*) from deadline), (select max(version) from support_request)"
        )
        return tuple((await self.sales.house.session.execute(counts)).one())

    async def history(self) -> list[str]:
        return await self.sales.house.history(UUID(str(self.deal.id)))


@pytest.fixture
def at(client: AsyncClient) -> Callable[[datetime], None]:
    """Sets the product's clock for what is asked over HTTP from then on."""

    def move(moment: datetime) -> None:
        client.app.dependency_overrides[product_moment] = lambda: moment  # type: ignore[attr-defined]

    return move


@pytest.fixture
async def department(sales: Sales) -> Department:
    session = sales.house.session
    head = await make_person(session, "operations_director", name="郑国栋")
    wu, qian = [await make_person(session, "engineer", name=name, supervisor_id=head.id) for name in ("吴建华", "钱工")]
    deal = await make_opportunity(session, sales.customer, "proposal", name="拉深件", need="月供两万件", expected_amount=88000)
    return Department(sales, head, wu, qian, deal)
