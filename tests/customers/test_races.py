"""What happens at the same moment: real connections, committed data."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select

from backend.core.outbox import Outbox
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.timeline.models import TimelineEntry
from tests.conftest import Committed, device_headers
from tests.factories import make_contact, make_customer, make_person, make_region

API = "/api/v1"
APPROVE = {"verdict": "approve", "comment": ""}


class Crossing:
    """A rep with two superiors who may both decide, and the API that all of them use at once."""

    def __init__(self, client: httpx.AsyncClient, ids: dict[str, UUID], headers: dict[str, dict[str, str]]) -> None:
        self.client = client
        self.ids = ids
        self.headers = headers

    async def propose(self, path: str, body: dict[str, Any]) -> str:
        headers = self.headers["rep"] | {"If-Match": '"v1"'}
        answer = await self.client.patch(API + path, json={"reason": "变更", **body}, headers=headers)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["change_request"]["id"])

    async def decide(self, who: str, request: str, body: dict[str, str] = APPROVE) -> httpx.Response:
        return await self.client.post(f"{API}/change-requests/{request}/decision", json=body, headers=self.headers[who])


async def crossing(committed: Committed, app: FastAPI) -> Crossing:
    async with committed.owner() as session:
        region = await make_region(session, "华东")
        director = await make_person(session, "area_director", region=region)
        manager = await make_person(session, "regional_manager", region=region, supervisor_id=director.id)
        rep = await make_person(session, region=region, supervisor_id=manager.id)
        admin = await make_person(session, "administrator")
        customer, other = [await make_customer(session, owner=rep, name=name) for name in ("甲", "乙")]
        first, second = [await make_contact(session, customer, name=name) for name in ("赵", "孙")]
        people = {"director": director, "manager": manager, "rep": rep, "admin": admin}
        ids = {"customer": customer.id, "other": other.id, "first": first.id, "second": second.id, "director": director.id}
        headers = {name: await device_headers(session, person.id) for name, person in people.items()}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")
    return Crossing(client, ids, headers)


async def test_of_two_superiors_who_decide_at_once_one_wins(committed: Committed, app: FastAPI) -> None:
    there = await crossing(committed, app)
    request = await there.propose(f"/customers/{there.ids['customer']}", {"name": "新名"})
    async with committed.owner() as session:
        change = await session.get(ChangeRequest, UUID(request))
        assert change is not None
        change.approver_id = there.ids["director"]
    verdicts = (("director", APPROVE), ("manager", {"verdict": "reject", "comment": "不行"})) * 4
    answers = await asyncio.gather(*(there.decide(who, request, body) for who, body in verdicts))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    (winner,) = [answer.json() for answer in answers if answer.status_code == 200]
    async with committed.owner() as session:
        name = await session.scalar(select(Customer.name).where(Customer.id == there.ids["customer"]))
        kinds = await session.scalars(select(TimelineEntry.kind).where(TimelineEntry.kind.like("change.%")))
        events = await session.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind == "change.decided"))
    assert name == ("新名" if winner["state"] == "approved" else "甲")
    assert sorted(kinds) == sorted(["change.requested", f"change.{winner['state']}"])
    assert events == 1
    await there.client.aclose()


async def test_approvals_of_one_field_do_not_undo_each_other(committed: Committed, app: FastAPI) -> None:
    """Two requests for the same field, as a race or another system may leave them: the second approval is refused."""
    there = await crossing(committed, app)
    path = f"/customers/{there.ids['customer']}"
    first = await there.propose(path, {"name": "新名"})
    async with committed.owner() as session:
        known = await session.get(ChangeRequest, UUID(first))
        assert known is not None
        twin = {column: getattr(known, column) for column in ChangeRequest.__table__.columns.keys() if column != "id"}  # noqa: SIM118
        double = ChangeRequest(**twin | {"changes": {"name": {"old": "甲", "new": "别名"}}})
        session.add(double)
        await session.flush()
        second = str(double.id)
    answers = await asyncio.gather(there.decide("manager", first), there.decide("manager", second))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["code"], refused["params"]["fields"]) == ("changed_meanwhile", ["name"])
    async with committed.owner() as session:
        version = await session.scalar(select(Customer.version).where(Customer.id == there.ids["customer"]))
        states = Counter(await session.scalars(select(ChangeRequest.state)))
    assert (version, states) == (2, {"approved": 1, "pending": 1})
    await there.client.aclose()


async def test_two_proposals_of_one_field_at_once_make_one_request(committed: Committed, app: FastAPI) -> None:
    there = await crossing(committed, app)
    headers = there.headers["rep"] | {"If-Match": '"v1"'}
    path, body = f"{API}/customers/{there.ids['customer']}", {"name": "新名", "reason": "变更"}
    answers = await asyncio.gather(*(there.client.patch(path, json=body, headers=headers) for _ in range(5)))
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: 4}
    await there.client.aclose()


async def test_an_approval_and_an_archiving_at_once_leave_one_story(committed: Committed, app: FastAPI) -> None:
    there = await crossing(committed, app)
    request = await there.propose(f"/customers/{there.ids['customer']}", {"name": "新名"})
    archiving = there.client.post(
        f"{API}/customers/{there.ids['customer']}/archiving", json={"reason": "注销"}, headers=there.headers["admin"]
    )
    decided, archived = await asyncio.gather(there.decide("manager", request), archiving)
    assert archived.status_code == 200
    assert decided.status_code in {200, 409}
    async with committed.owner() as session:
        found = (await session.execute(select(Customer.name, Customer.state).where(Customer.id == there.ids["customer"]))).one()
        state = await session.scalar(select(ChangeRequest.state))
    assert tuple(found) == ("新名" if decided.status_code == 200 else "甲", "archived")
    assert state == ("approved" if decided.status_code == 200 else "pending")
    await there.client.aclose()


async def test_two_companies_do_not_become_each_other_s_parent(committed: Committed, app: FastAPI) -> None:
    there = await crossing(committed, app)
    customer, other = there.ids["customer"], there.ids["other"]
    requests = [
        await there.propose(f"/customers/{customer}", {"parent_id": str(other)}),
        await there.propose(f"/customers/{other}", {"parent_id": str(customer)}),
    ]
    answers = await asyncio.gather(*(there.decide("manager", request) for request in requests))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    await there.client.aclose()


async def test_a_customer_has_one_primary_contact_whoever_approves_first(committed: Committed, app: FastAPI) -> None:
    there = await crossing(committed, app)
    requests = [await there.propose(f"/contacts/{there.ids[name]}", {"is_primary": True}) for name in ("first", "second")]
    answers = await asyncio.gather(*(there.decide("manager", request) for request in requests))
    assert [answer.status_code for answer in answers] == [200, 200]
    async with committed.owner() as session:
        assert await session.scalar(select(func.count()).select_from(Contact).where(Contact.is_primary)) == 1
    await there.client.aclose()
