"""LEAD-4 for customers: they are found by their code, contacts and names, and a firm never gets a second owner."""

from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import jobs
from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from tests.conftest import SignIn
from tests.factories import make_contact, make_customer, make_person, make_region

CUSTOMERS = "/api/v1/customers"
NEW: dict[str, Any] = {
    "name": "苏州恒力机械有限公司",
    "source": "manual",
    "contacts": [{"name": "王工", "role": "technical", "phone": "13811112222"}],
}


async def found(session: AsyncSession, **identity: Any) -> list[str]:
    return [hit.record.name for hit in await duplicates.find(session, Identity(**identity)) if hit.record]


async def test_a_new_customer_is_found_and_nobody_else_may_enter_it(
    session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    region = await make_region(session)
    mine, other = await make_person(session, region=region, name="张磊"), await make_person(session, region=region)
    answer = await client.post(CUSTOMERS, json=NEW, headers=await sign_in(mine))
    assert answer.status_code == 201, answer.text
    assert await found(session, phones=("138 1111 2222",)) == await found(session, name="恒力机械（苏州）") == [NEW["name"]]
    again = await client.post(CUSTOMERS, json=NEW | {"name": "别的名字"}, headers=await sign_in(other))
    assert (again.status_code, again.json()["code"]) == (409, "duplicate_of_owned")
    owner = {"owner": {"id": str(mine.id), "name": "张磊"}, "owner_is_away": False, "deputy": None}
    assert again.json()["params"] == {**owner, "subject_type": "customer", "match": "phone"}
    assert await session.scalar(select(func.count()).select_from(Customer)) == 1
    contact = {"name": "陈工", "role": "purchaser", "email": "chen@hengli.cn"}
    added = await client.post(f"{CUSTOMERS}/{answer.json()['id']}/contacts", json=contact, headers=await sign_in(mine))
    assert added.status_code == 201, added.text
    assert await found(session, emails=("Chen@hengli.cn",)) == [NEW["name"]]


async def test_customers_from_before_become_findable_once(session: AsyncSession) -> None:
    customer = await make_customer(session, owner=await make_person(session), name="宁波宏达轴承有限公司")
    await make_contact(session, customer, phone="13833334444")
    await make_contact(session, customer, phone="13855556666", is_active=False)
    assert (await jobs.register_customers({}), await jobs.register_customers({})) == (1, 0)
    assert await found(session, phones=("13833334444",)) == await found(session, name="宁波宏达轴承") == [customer.name]
    assert await found(session, phones=("13855556666",)) == []
