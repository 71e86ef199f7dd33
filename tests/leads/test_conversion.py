"""LEAD-7, 建为客户: one transaction makes customer and contact of a lead or joins one that exists; twice gives the same customer."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from backend.customers.models import Contact, Customer
from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from backend.leads.models import Lead
from backend.timeline.models import TimelineEntry
from backend.timeline.service import record
from tests.conftest import NOW, Committed, device_headers
from tests.factories import make_contact, make_customer, make_lead, make_person, make_region
from tests.leads.conftest import HOURS_48, House
from tests.leads.desk import LEADS, DeskOf, traces

CUSTOMERS = "/api/v1/customers"
STEP = {"next_step": "寄样件", "next_step_at": NOW + HOURS_48}


async def convert(desk: Any, lead: Lead, **body: Any) -> Any:
    return await desk.post(f"{LEADS}/{lead.id}/conversion", body)


async def everything(house: House) -> tuple[Any, ...]:
    counts = [await house.session.scalar(select(func.count()).select_from(table)) for table in (Customer, Contact)]
    return (*counts, *await traces(house))


async def test_a_lead_becomes_a_customer_that_keeps_owner_history_and_next_step(house: House, desk: DeskOf) -> None:
    lead = await house.owned(house.zhang, city="苏州", province="江苏", email="wang@hengda.cn", state="following", **STEP)
    await record(house.session, subject_type="lead", subject_id=lead.id, kind="call", now=NOW, outcome="interested")
    user = await desk(house.zhang)
    answer = await convert(user, lead, industry="机械制造", contact_role="decider")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["state"], shown["owner"]["name"], shown["actions"], shown["next_step"]) == ("converted", "张磊", [], None)
    assert shown["customer"]["name"] == lead.company
    customer = (await user.get(f"{CUSTOMERS}/{shown['customer']['id']}")).json()
    assert (customer["owner"]["name"], customer["region"]["name"], customer["city"], customer["industry"]) == (
        "张磊",
        "华东",
        "苏州",
        "机械制造",
    )
    assert (customer["source"], customer["next_step"]) == (lead.source, "寄样件")
    (person,) = customer["contacts"]
    assert (person["name"], person["role"], person["phone"], person["email"]) == (
        lead.contact_name,
        "decider",
        lead.phone,
        "wang@hengda.cn",
    )
    kinds = [one["kind"] for one in (await user.get(f"{CUSTOMERS}/{customer['id']}/timeline")).json()["items"]]
    assert sorted(kinds) == ["call", "customer.created", "lead.converted"]
    assert [one["id"] for one in (await user.get(f"{CUSTOMERS}/{customer['id']}/leads")).json()["items"]] == [str(lead.id)]
    assert (await user.get(f"{LEADS}/{lead.id}/duplicates")).json() == {"items": []}
    await house.relay()
    assert await house.told(house.zhang) == []
    assert "lead.changed" in await house.shown(house.manager)
    assert await house.fire(NOW + HOURS_48) == 0

    before = await everything(house)
    again = await convert(user, lead)
    assert (again.status_code, again.json()["customer"]["id"]) == (200, customer["id"])
    other = await convert(user, lead, customer_id=str(uuid4()))
    assert (other.status_code, other.json()["code"]) == (409, "already_converted")
    assert await everything(house) == before


async def test_a_lead_joins_a_customer_whose_owner_is_told_and_reads_its_history(house: House, desk: DeskOf) -> None:
    customer = await make_customer(house.session, owner=house.huang, region=house.south)
    lead = await house.owned(house.li)
    await record(house.session, subject_type="lead", subject_id=lead.id, kind="call", now=NOW, outcome="interested")
    assert (await convert(await desk(house.li), lead, customer_id=str(customer.id))).status_code == 404
    owner = await desk(house.huang)
    assert (await owner.get(f"{LEADS}/{lead.id}")).status_code == 404
    assert (await house.lead(lead.id)).state == "assigned"

    boss = await desk(house.manager)
    joined = await convert(boss, lead, customer_id=str(customer.id))
    assert joined.status_code == 200, joined.text
    assert (await owner.get(f"{LEADS}/{lead.id}")).json()["actions"] == []
    kinds = [one["kind"] for one in (await owner.get(f"{CUSTOMERS}/{customer.id}/timeline")).json()["items"]]
    assert sorted(kinds) == ["call", "contact.added", "lead.converted"]
    found = await house.lead(lead.id)
    assert (found.owner_id, found.customer_id) == (house.li.id, customer.id)
    await house.relay()
    assert (await house.told(house.huang), await house.told(house.li), await house.told(house.manager)) == (
        ["lead.converted"], ["lead.converted"], [],
    )  # fmt: skip


async def test_a_contact_that_is_known_is_not_entered_again(house: House, desk: DeskOf) -> None:
    customer = await make_customer(house.session, owner=house.zhang)
    lead = await house.owned(house.zhang)
    await make_contact(house.session, customer, phone=lead.phone)
    assert (await convert(await desk(house.zhang), lead, customer_id=str(customer.id))).status_code == 200
    assert await house.session.scalar(select(func.count()).select_from(Contact)) == 1


@pytest.mark.parametrize(("who", "status"), [("li", 404), ("huang", 404), ("marketing", 403), ("admin", 403), ("director", 200)])
async def test_who_may_make_a_customer_of_a_lead(house: House, desk: DeskOf, who: str, status: int) -> None:
    lead = await house.owned(house.zhang)
    before = await everything(house)
    answer = await convert(await desk(getattr(house, who)), lead)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["owner"]["name"] == "张磊"
        assert await house.session.scalar(select(Customer.owner_id)) == house.zhang.id
    else:
        assert await everything(house) == before


async def test_what_cannot_become_a_customer(house: House, desk: DeskOf) -> None:
    user, boss = await desk(house.zhang), await desk(house.manager)
    nameless = await house.owned(house.zhang, company="")
    nobody = await house.owned(house.zhang, contact_name="")
    closed = await house.owned(house.zhang, state="disqualified", disqualified_reason="spam")
    pooled = await make_lead(house.session, region=house.east, pooled_at=NOW)
    known = await make_customer(house.session, owner=house.huang)
    lead = await house.owned(house.zhang)
    await duplicates.register(house.session, "customer", [(known.id, Identity(known.name, (lead.phone,)))])
    archived = await make_customer(house.session, owner=house.zhang, state="archived")
    before = await everything(house)
    for one, pointer in ((nameless, "#/name"), (nobody, "#/contact_name")):
        answer = await convert(user, one)
        assert (answer.status_code, [wrong["pointer"] for wrong in answer.json()["errors"]]) == (422, [pointer])
    assert (await convert(user, closed)).json()["code"] == "lead_state_forbids"
    assert (await convert(boss, pooled)).json()["code"] == "lead_state_forbids"
    refused = await convert(user, lead)
    assert (refused.status_code, refused.json()["code"], refused.json()["params"]["owner"]["name"]) == (409, "duplicate_of_owned", "黄丽华")
    assert (await convert(user, lead, customer_id=str(archived.id))).json()["code"] == "customer_state_forbids"
    stale = await user.post(f"{LEADS}/{lead.id}/conversion", {}, **{"If-Match": '"v9"'})
    assert stale.status_code == 412
    assert await everything(house) == before


async def test_two_who_make_a_customer_of_one_lead_at_the_same_moment_get_the_same(committed: Committed, app: FastAPI) -> None:
    async with committed.owner() as session:
        region = await make_region(session, "华东")
        boss = await make_person(session, "regional_manager", region=region)
        rep = await make_person(session, region=region, supervisor_id=boss.id)
        lead_id = (await make_lead(session, owner=rep)).id
        headers = [await device_headers(session, person.id) for person in (rep, boss)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = await asyncio.gather(*(client.post(f"{LEADS}/{lead_id}/conversion", json={}, headers=one) for one in headers * 3))
    assert [answer.status_code for answer in answers] == [200] * 6
    customers = {UUID(answer.json()["customer"]["id"]) for answer in answers}
    async with committed.owner() as session:
        assert set(await session.scalars(select(Customer.id))) == customers
        assert await session.scalar(select(func.count()).select_from(Contact)) == 1
        converted = select(func.count()).select_from(TimelineEntry).where(TimelineEntry.kind == "lead.converted")
        assert await session.scalar(converted) == 1
