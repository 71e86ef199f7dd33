"""The sales house with a customer and its deals."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.customers.models import Customer
from backend.identity.models import Person
from backend.notifications.models import Notification
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.models import StageRow
from backend.timeline.models import TimelineEntry
from tests.factories import make_customer
from tests.leads.conftest import House, desk, house
from tests.leads.desk import Desk, DeskOf

__all__ = ["desk", "house"]
OPPORTUNITIES = "/api/v1/opportunities"
CALL = {"kind": "call", "outcome": "interested", "note": "要一万件支架"}


@dataclass
class Sales:
    """The house as the tests of deals use it: one desk a person, one customer of the first rep."""

    house: House
    open_desk: DeskOf
    desks: dict[UUID, Desk]
    customer: Customer

    async def of(self, person: Person) -> Desk:
        if person.id not in self.desks:
            self.desks[person.id] = await self.open_desk(person)
        return self.desks[person.id]

    async def move(self, person: Person, deal: Opportunity, stage: str, **body: Any) -> Any:
        """As the person sees it now."""
        desk, path = await self.of(person), f"{OPPORTUNITIES}/{deal.id}"
        version = (await desk.get(path)).json()["version"]
        return await desk.post(f"{path}/moves", {"stage": stage, **body}, **{"If-Match": f'"v{version}"'})

    async def deal(self, opportunity_id: UUID) -> Opportunity:
        """As it now stands in the database."""
        found = await self.house.session.get(Opportunity, opportunity_id, populate_existing=True)
        assert found is not None
        return found

    async def stays(self, opportunity_id: UUID) -> list[tuple[str, str, bool]]:
        """Stage, move and whether it still stands there, in order."""
        query = select(StageRow.key, StageStay.move, StageStay.left_at.is_(None)).join(StageRow, StageRow.id == StageStay.stage_id)
        rows = await self.house.session.execute(
            query.where(StageStay.opportunity_id == opportunity_id).order_by(StageStay.entered_at, StageStay.id)
        )
        return [tuple(row) for row in rows]

    async def traces(self) -> tuple[Any, ...]:
        """Everything that a change of a deal would leave."""
        session = self.house.session
        counts = [
            await session.scalar(select(func.count()).select_from(table)) for table in (TimelineEntry, Notification, Outbox, StageStay)
        ]
        table = Opportunity
        deals = select(table.id, table.version, table.stage_id, table.state, table.name, table.next_step, table.last_activity_at)
        open_stays = select(StageStay.id, StageStay.left_at).order_by(StageStay.id)
        rows = [(await session.execute(query)).tuples().all() for query in (deals.order_by(table.id), open_stays)]
        return (*counts, *rows)


@pytest.fixture
async def sales(house: House, desk: DeskOf) -> Sales:
    return Sales(house, desk, {}, await make_customer(house.session, owner=house.zhang, name="苏州恒达机械有限公司"))
