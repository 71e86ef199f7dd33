"""The sales house with files in hand."""

from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.documents.models import Document, DocumentUpload, DocumentVersion
from backend.identity.models import Person
from backend.timeline.models import TimelineEntry
from tests.documents.samples import PDF
from tests.leads.conftest import desk, house
from tests.opportunities.conftest import Sales, sales

__all__ = ["desk", "house", "sales"]
API = "/api/v1"


class Cabinet:
    """Files and documents as people of the house handle them."""

    def __init__(self, sales: Sales) -> None:
        self.sales = sales
        self.session = sales.house.session

    async def upload(self, person: Person, name: str = "需求说明.pdf", data: bytes = PDF, kind: str = "requirement") -> Response:
        desk = await self.sales.of(person)
        return await desk.client.post(f"{API}/uploads", params={"name": name, "kind": kind}, content=data, headers=desk.headers)

    async def attach(
        self, person: Person, subject_type: str, subject_id: UUID, name: str = "需求说明.pdf", data: bytes = PDF,
        kind: str = "requirement", **more: Any,
    ) -> Response:  # fmt: skip
        uploaded = await self.upload(person, name, data, kind)
        assert uploaded.status_code == 201, uploaded.text
        body = {"subject_type": subject_type, "subject_id": str(subject_id), "upload_id": uploaded.json()["id"], "kind": kind, **more}
        return await (await self.sales.of(person)).post(f"{API}/documents", body)

    async def listed(self, person: Person, subject_type: str, subject_id: UUID) -> list[dict[str, Any]]:
        found = await (await self.sales.of(person)).get(f"{API}/documents", subject_type=subject_type, subject_id=str(subject_id))
        assert found.status_code == 200, found.text
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    async def content(self, person: Person, version_id: str, **headers: str) -> Response:
        desk = await self.sales.of(person)
        return await desk.client.get(f"{API}/document-versions/{version_id}/content", headers=desk.headers | headers)

    async def traces(self) -> tuple[int, ...]:
        """How much a refusal would have left."""
        tables = (Document, DocumentVersion, DocumentUpload, TimelineEntry, Outbox)
        return tuple([await self.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables])


@pytest.fixture
def cabinet(sales: Sales) -> Cabinet:
    return Cabinet(sales)
