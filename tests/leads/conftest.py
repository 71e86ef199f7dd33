"""A small sales house: one region with two reps and a manager, a director above."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import subscriptions
from backend.core import outbox
from backend.core.db import Lens, bind
from backend.core.outbox import Outbox
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.models import Person, Region
from backend.leads.events import LeadReceived
from backend.leads.models import Lead
from backend.notifications.models import LiveEvent, Notification
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW, SignIn, as_owner
from tests.factories import make_lead, make_person, make_region
from tests.relaying import drain


@dataclass
class House:
    """The session and everybody in it."""

    session: AsyncSession
    nation: Region
    east: Region
    south: Region
    director: Person
    manager: Person
    zhang: Person
    li: Person
    huang: Person
    admin: Person
    marketing: Person

    async def relay(self, now: datetime = NOW) -> int:
        """Handles all open events as the system does; no event may have failed."""
        await bind(self.session, Lens.SYSTEM, "system:relay")
        handled = await drain(self.session, now)
        await as_owner(self.session)
        failures = (await self.session.scalars(select(Outbox.last_error).where(Outbox.last_error.is_not(None)))).all()
        assert failures == []
        return handled

    async def fire(self, now: datetime) -> int:
        """The deadline sweep and what it sets off."""
        await bind(self.session, Lens.SYSTEM, "system:deadlines")
        fired = await deadlines.sweep(self.session, now)
        await as_owner(self.session)
        await self.relay(now)
        return fired

    async def lead(self, lead_id: UUID) -> Lead:
        """As it now stands in the database."""
        found = await self.session.get(Lead, lead_id, populate_existing=True)
        assert found is not None
        return found

    async def received(self, now: datetime = NOW, **fields: Any) -> Lead:
        """A lead as the intake leaves it, handled by the relay."""
        lead = await make_lead(self.session, **{"province": "江苏", "city": "苏州", "received_at": now} | fields)
        await outbox.add(self.session, LeadReceived(lead.id), now)
        await self.relay(now)
        return await self.lead(lead.id)

    async def owned(self, owner: Person, **fields: Any) -> Lead:
        """A lead whose ladder runs since NOW."""
        lead = await make_lead(self.session, owner=owner, **fields)
        await deadlines.arm(self.session, FIRST_CONTACT, "lead", lead.id, {"assigned": NOW, "first_assigned": NOW}, NOW)
        return lead

    async def told(self, person: Person) -> list[str]:
        """Kinds under a person's bell, in order."""
        kinds = select(Notification.kind).where(Notification.person_id == person.id).order_by(Notification.created_at, Notification.id)
        return list(await self.session.scalars(kinds))

    async def shown(self, person: Person) -> list[str]:
        """Kinds of live events but the bell's own."""
        events = select(LiveEvent.kind).where(LiveEvent.person_id == person.id, LiveEvent.kind != "notification").order_by(LiveEvent.seq)
        return list(await self.session.scalars(events))

    async def history(self, lead_id: UUID) -> list[str]:
        kinds = select(TimelineEntry.kind).where(TimelineEntry.subject_id == lead_id).order_by(TimelineEntry.at, TimelineEntry.id)
        return list(await self.session.scalars(kinds))


@pytest.fixture
async def house(session: AsyncSession) -> House:
    nation = await make_region(session, "全国")
    east = await make_region(session, "华东", (("江苏", None), ("上海", None)), parent_id=nation.id)
    south = await make_region(session, "华南", (("广东", None), ("江苏", "连云港")), parent_id=nation.id)
    director = await make_person(session, "area_director", name="刘伟民", region=nation)
    manager = await make_person(session, "regional_manager", name="王海燕", region=east, supervisor_id=director.id)
    reps = [
        await make_person(session, name=name, region=region, supervisor_id=manager.id)
        for name, region in (("张磊", east), ("李婷", east), ("黄丽华", south))
    ]
    admin = await make_person(session, "administrator", name="周敏")
    marketing = await make_person(session, "marketing", name="林悦")
    return House(session, nation, east, south, director, manager, *reps, admin, marketing)


@pytest.fixture
async def desk(client: AsyncClient, sign_in: SignIn) -> Any:
    from tests.leads.desk import Desk

    async def of(person: Person) -> Desk:
        return Desk(client, await sign_in(person))

    return of


assert subscriptions.HANDLERS
HOURS_48 = timedelta(hours=48)
HOURS_96 = timedelta(hours=96)
