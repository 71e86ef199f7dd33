"""A sales house whose data is committed, an API in front of it, and the runner of a worker that works when told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_moment
from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.duplicates.keys import company_key
from backend.duplicates.models import RecordMerge
from backend.duplicates.rules import Identity
from backend.identity.models import Person
from backend.imports import jobs
from backend.leads.models import Lead
from backend.leads.same_firm import identity_of
from tests.conftest import NOW, Committed, device_headers
from tests.factories import make_lead, make_person, make_region


@dataclass
class Office:
    """Who is there; `now` moves."""

    committed: Committed
    client: httpx.AsyncClient
    people: dict[str, Person]
    headers: dict[str, dict[str, str]]
    clock: list[Any]

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        async with self.committed.owner() as session:
            return list((await session.execute(text(sql), values)).all())

    async def value(self, sql: str, **values: Any) -> Any:
        async with self.committed.owner() as session:
            return await session.scalar(text(sql), values)

    async def lead(self, owner: str, **fields: Any) -> Any:
        async with self.committed.owner() as session:
            person = await session.get_one(Person, self.people[owner].id)
            lead = await make_lead(session, owner=person, **fields)
            await duplicates.register(session, "lead", [(lead.id, identity_of(lead))])
            return lead

    async def customer(self, owner: str, name: str, *, phone: str, email: str) -> UUID:
        async with self.committed.owner() as session:
            values = {"name": name, "name_key": company_key(name), "source": "test", "owner_id": self.people[owner].id}
            made = Customer(**values, created_by=self.people[owner].id, last_activity_at=NOW, created_at=NOW)
            session.add(made)
            await session.flush()
            await duplicates.register(session, "customer", [(made.id, Identity(name, (phone,), (email,)))])
            return made.id

    async def merged(self, survivor: Lead, loser: Lead) -> None:
        """As a merge leaves both."""
        async with self.committed.owner() as session:
            by = {"merged_at": NOW, "merged_by": self.people["boss"].id, "reason": "同一家"}
            facts = {"taken": {}, "survivor_after": {}, "loser_before": {}}
            session.add(RecordMerge(subject_type="lead", survivor_id=survivor.id, loser_id=loser.id, **by, **facts))
            values = {"survivor": survivor.id, "loser": loser.id}
            await session.execute(text("update lead set state = 'merged', merged_into_id = :survivor where id = :loser"), values)

    async def ask(self, who: str, call: str, **more: Any) -> httpx.Response:
        method, _, path = call.partition(" ")
        return await self.client.request(method, f"/api/v1{path}", headers=self.headers[who] | more.pop("headers", {}), **more)

    async def work(self) -> None:
        """Until neither an import nor an export waits for the worker."""
        while await jobs.next_import() or await jobs.next_export():
            pass

    async def uploaded(self, who: str, data: bytes, name: str = "客户.xlsx", target: str = "leads") -> dict[str, Any]:
        """Read and guessed."""
        answer = await self.ask(who, f"POST /imports?target={target}&name={name}", content=data)
        assert answer.status_code == 201, answer.text
        await self.work()
        return await self.run(who, answer.json()["id"])

    async def run(self, who: str, run_id: str) -> dict[str, Any]:
        answer = await self.ask(who, f"GET /imports/{run_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def checked(self, who: str, data: bytes, name: str = "客户.xlsx", target: str = "leads", **settings: Any) -> dict[str, Any]:
        run = await self.uploaded(who, data, name, target)
        assert run["state"] == "mapping", run
        answer = await self.ask(who, f"PUT /imports/{run['id']}/settings", json=run["settings"] | settings)
        assert answer.status_code == 200, answer.text
        await self.work()
        return await self.run(who, run["id"])

    async def imported(self, who: str, data: bytes, name: str = "客户.xlsx", target: str = "leads", **settings: Any) -> dict[str, Any]:
        run = await self.checked(who, data, name, target, **settings)
        answer = await self.ask(who, f"POST /imports/{run['id']}/start")
        assert answer.status_code == 200, answer.text
        await self.work()
        return await self.run(who, run["id"])

    async def file_rows(self, who: str, run_id: str, kind: str) -> list[dict[str, Any]]:
        answer = await self.ask(who, f"GET /imports/{run_id}/rows?kind={kind}&limit=200")
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


async def _people(session: AsyncSession) -> dict[str, Person]:
    top = await make_region(session, "华东大区")
    east = await make_region(session, "苏南", (("江苏", None),), parent_id=top.id)
    south = await make_region(session, "华南", (("广东", None),), parent_id=top.id)
    boss = await make_person(session, "regional_manager", name="王主管", login="boss", region=east)
    return {
        "boss": boss,
        "zhang": await make_person(session, "sales_rep", name="张磊", login="zhanglei", region=east, supervisor_id=boss.id),
        "li": await make_person(session, "sales_rep", name="李静", login="lijing", region=east, supervisor_id=boss.id),
        "huang": await make_person(session, "sales_rep", name="黄海", login="huanghai", region=south),
        "market": await make_person(session, "marketing", name="市场", login="market"),
        "admin": await make_person(session, "administrator", name="管理员", login="admin"),
        "english": await make_person(session, "marketing", name="Ann", login="ann", locale="en"),
    }


@pytest.fixture
async def office(committed: Committed, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with committed.owner() as session:
        people = await _people(session)
        headers = {name: await device_headers(session, person.id) for name, person in people.items()}
    clock = [NOW]
    monkeypatch.setattr(jobs, "product_now", lambda: clock[0])
    app.dependency_overrides[product_moment] = lambda: clock[0]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        yield Office(committed, client, people, headers, clock)
