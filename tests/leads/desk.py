"""The API as one person uses it, and everything that a change of a lead would leave."""

from collections.abc import Awaitable, Callable
from typing import Any

from httpx import AsyncClient, Response
from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.deadlines.models import Deadline
from backend.identity.models import Person
from backend.leads.models import Lead, LeadAssignment
from backend.notifications.models import Notification
from backend.timeline.models import TimelineEntry
from tests.leads.conftest import House

LEADS = "/api/v1/leads"
ANY = {"If-Match": "*"}
"""For a change of hands where the test is not about who was first."""


class Desk:
    """The API as one person uses it."""

    def __init__(self, client: AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def get(self, path: str, **params: Any) -> Response:
        return await self.client.get(path, params=params, headers=self.headers)

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> Response:
        return await self.client.post(path, json=body, headers=self.headers | headers)

    async def patch(self, path: str, body: dict[str, Any], **headers: str) -> Response:
        return await self.client.patch(path, json=body, headers=self.headers | headers)

    async def edit(self, path: str, body: dict[str, Any], version: int = 1) -> Response:
        """A PATCH on top of that version."""
        return await self.patch(path, body, **{"If-Match": f'"v{version}"'})

    async def companies(self, **params: Any) -> list[str]:
        """The list, by the names of its companies."""
        answer = await self.get(LEADS, **params)
        assert answer.status_code == 200, answer.text
        return [item["company"] for item in answer.json()["items"]]


DeskOf = Callable[[Person], Awaitable[Desk]]


async def traces(house: House) -> tuple[Any, ...]:
    """Everything that a lead's change would leave."""
    tables = (TimelineEntry, LeadAssignment, Notification)
    counts = [await house.session.scalar(select(func.count()).select_from(table)) for table in tables]
    events = await house.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind.startswith("lead.")))
    leads = select(Lead.id, Lead.version, Lead.owner_id, Lead.state, Lead.escalated_to_id).order_by(Lead.id)
    rows = (await house.session.execute(leads)).tuples().all()
    ladder = (await house.session.execute(select(Deadline.id, Deadline.state).order_by(Deadline.id))).tuples().all()
    return (*counts, events, rows, ladder)
