"""LEAD-4 for leads: a firm never gets a second owner, and what one may not see says only whom to ask."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, transaction
from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from backend.leads import jobs
from backend.leads.assignment import assign
from backend.leads.events import LeadReceived
from backend.leads.models import Lead
from backend.notifications.models import Notification
from tests.conftest import NOW, Committed, SignIn, device_headers
from tests.factories import make_lead, make_leave, make_person, make_region
from tests.leads.conftest import House
from tests.leads.desk import DeskOf

LEADS, CHECK = "/api/v1/leads", "/api/v1/duplicates/check"
FIRM = {"company": "苏州恒力机械有限公司", "phone": "13811112222"}


async def known(session: AsyncSession, lead: Lead) -> Lead:
    await duplicates.register(session, "lead", [(lead.id, Identity(lead.company, (lead.phone,), (lead.email,)))])
    return lead


async def make_customer(session: AsyncSession, owner: Any, **fields: Any) -> Customer:
    values = {"name": FIRM["company"], "name_key": "x", "source": "manual", "created_at": NOW, "last_activity_at": NOW} | fields
    customer = Customer(id=uuid4(), owner_id=owner.id, region_id=owner.region_id, **values)
    session.add(customer)
    await session.flush()
    await duplicates.register(session, "customer", [(customer.id, Identity(customer.name, (FIRM["phone"],), (), customer.credit_code))])
    return customer


async def received(house: House, **fields: Any) -> Lead:
    lead = await make_lead(house.session, **{"province": "江苏", "city": "苏州"} | fields)
    await outbox.add(house.session, LeadReceived(lead.id), NOW)
    await house.relay()
    return await house.lead(lead.id)


async def newest_reason(house: House, lead: Lead) -> dict[str, Any]:
    sql = text("select reason from lead_assignment where lead_id = :lead order by assigned_at desc, id desc limit 1")
    return dict((await house.session.execute(sql, {"lead": lead.id})).scalar_one())


async def test_a_lead_with_the_phone_of_an_owned_customer_goes_to_its_owner_and_says_so(house: House) -> None:
    customer = await make_customer(house.session, house.huang)
    lead = await received(house, company="完全不同的名字", phone="+86 138-1111-2222")
    assert (lead.state, lead.owner_id, lead.region_id) == ("assigned", house.huang.id, house.south.id)
    told = {"person": "黄丽华", "subject_type": "customer", "subject_id": str(customer.id), "match": "phone"}
    assert await newest_reason(house, lead) == {"code": "duplicate_of_owned", "params": told}
    params = (await house.session.scalars(select(Notification.params).where(Notification.person_id == house.huang.id))).one()
    assert (params["reason"]["code"], params["known_by"]) == ("duplicate_of_owned", "与你负责的客户电话相同")
    assert await house.told(house.zhang) == await house.told(house.li) == []


async def test_the_customer_decides_before_the_lead_and_an_open_lead_before_chance(house: House) -> None:
    await known(house.session, await make_lead(house.session, owner=house.li, **FIRM))
    assert (await received(house, **FIRM)).owner_id == house.li.id
    await make_customer(house.session, house.zhang)
    assert (await received(house, **FIRM)).owner_id == house.zhang.id


async def test_while_the_owner_of_a_lead_is_away_somebody_present_gets_the_next_and_keeps_the_firm(house: House) -> None:
    first = await known(house.session, await make_lead(house.session, owner=house.zhang, **FIRM))
    await make_leave(house.session, house.zhang)
    second = await received(house, **FIRM)
    assert (second.owner_id, second.region_id) == (house.li.id, house.east.id)
    reason = await newest_reason(house, second)
    assert reason["code"] == "region_least_load"
    known_as = {"person": "张磊", "subject_type": "lead", "subject_id": str(first.id), "match": "phone"}
    assert reason["params"]["same_firm"] == known_as
    told = (await house.session.scalars(select(Notification).where(Notification.kind == "lead.assigned"))).one()
    assert (told.person_id, told.params["known_by"]) == (house.li.id, "与 张磊（不在岗）负责的线索电话相同")
    await make_person(house.session, region=house.east)
    third = await received(house, **FIRM)
    assert (third.owner_id, (await newest_reason(house, third))["code"]) == (house.li.id, "duplicate_of_owned")
    assert await house.told(house.zhang) == await house.told(house.manager) == []


async def test_the_owner_of_a_customer_keeps_its_leads_while_away_and_a_superior_knows_at_once(house: House, desk: DeskOf) -> None:
    await make_customer(house.session, house.zhang)
    assert (await received(house, **FIRM)).escalated_to_id is None
    await make_leave(house.session, house.zhang)
    lead = await received(house, **FIRM)
    assert (lead.owner_id, lead.escalated_to_id, lead.escalation_level) == (house.zhang.id, house.manager.id, 0)
    assert (await newest_reason(house, lead))["code"] == "duplicate_of_owned"
    assert await house.told(house.manager) == ["lead.owner_away"]
    assert await house.shown(house.manager) == ["lead.changed"]
    [item] = (await (await desk(house.manager)).get("/api/v1/today")).json()["items"]
    said = item["why"]["params"]
    assert (item["why"]["code"], said["owner"], said["escalated_at"]) == ("owner_is_away", "张磊", None), "nothing is late yet"
    await make_leave(house.session, house.manager)
    assert (await received(house, **FIRM)).escalated_to_id == house.director.id
    assert await house.told(house.manager) == await house.told(house.director) == ["lead.owner_away"]


@pytest.mark.parametrize("left", ["disqualified", "inactive", "archived", "local", "name"])
async def test_what_does_not_decide(house: House, left: str) -> None:
    """A closed lead, an owner who left, an archived customer, a number without its area code, and a name alone."""
    session, mine = house.session, dict(FIRM)
    if left == "archived":
        await make_customer(session, house.huang, state="archived", archived_at=NOW)
    else:
        if left == "local":
            mine["phone"] = "66778899"
        lead = await make_lead(session, owner=house.huang, **mine, **({"state": "disqualified"} if left == "disqualified" else {}))
        await known(session, lead)
    if left == "inactive":
        house.huang.is_active = False
        await session.flush()
    if left == "name":
        mine["phone"] = "13900000001"
    assert (await received(house, **mine)).owner_id == house.zhang.id


async def test_the_region_stays_where_the_owner_works_there_too(house: House) -> None:
    await known(house.session, await make_lead(house.session, owner=house.director, **FIRM))
    lead = await received(house, **FIRM)
    assert (lead.owner_id, lead.region_id) == (house.director.id, house.east.id)


async def test_keeping_a_lead_of_somebody_elses_firm_is_refused_and_leaves_nothing(
    house: House, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await known(house.session, await make_lead(house.session, owner=house.huang, **FIRM))
    before = await house.session.scalar(select(func.count()).select_from(Lead))
    body = {**FIRM, "contact_name": "王工", "assign_to_me": True}
    answer = await client.post(LEADS, json=body, headers=await sign_in(house.zhang))
    assert (answer.status_code, answer.json()["code"]) == (409, "duplicate_of_owned")
    owner = {"id": str(house.huang.id), "name": "黄丽华"}
    here = {"owner_is_away": False, "deputy": None}
    assert answer.json()["params"] == {"owner": owner, "subject_type": "lead", "match": "phone", **here}
    assert await house.session.scalar(select(func.count()).select_from(Lead)) == before
    routed = await client.post(LEADS, json={**body, "assign_to_me": False}, headers=await sign_in(house.zhang))
    assert routed.status_code == 201
    await house.relay()
    assert (await house.lead(UUID(routed.json()["id"]))).owner_id == house.huang.id


async def test_the_owner_may_enter_the_firm_again(house: House, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await known(house.session, await make_lead(house.session, owner=house.zhang, **FIRM))
    answer = await client.post(LEADS, json={**FIRM, "assign_to_me": True}, headers=await sign_in(house.zhang))
    assert (answer.status_code, answer.json()["owner"]["name"]) == (201, "张磊")


async def test_a_masked_hit_says_whom_to_ask_and_nothing_else(house: House, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    lead = await known(house.session, await make_lead(house.session, owner=house.huang, **FIRM))
    masked = {
        "subject_type": "lead",
        "rating": 100,
        "matches": ["name", "phone"],
        "owner": {"id": str(house.huang.id), "name": "黄丽华"},
        "record": None,
    }
    wanted = {"company": "恒力机械（苏州）", "phone": "138 1111 2222"}
    assert (await client.post(CHECK, json=wanted, headers=await sign_in(house.zhang))).json() == {"items": [masked]}
    record = {"id": str(lead.id), "number": f"XS{lead.number:08d}", "name": lead.company, "contact_name": "王经理", "state": "assigned"}
    assert (await client.post(CHECK, json=wanted, headers=await sign_in(house.huang))).json() == {"items": [masked | {"record": record}]}
    assert (await client.post(CHECK, json={"company": "无锡恒力机械"}, headers=await sign_in(house.zhang))).json() == {"items": []}


async def test_candidates_on_the_page_of_a_lead(house: House, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    mine = await known(house.session, await make_lead(house.session, owner=house.zhang, company="苏州恒力机械厂"))
    other = await known(house.session, await make_lead(house.session, owner=house.huang, company="蘇州恆力機械有限公司"))
    headers = await sign_in(house.zhang)
    items = (await client.get(f"{LEADS}/{mine.id}/duplicates", headers=headers)).json()["items"]
    assert [(item["matches"], item["owner"]["name"], item["record"]) for item in items] == [(["name"], "黄丽华", None)]
    assert (await client.get(f"{LEADS}/{other.id}/duplicates", headers=headers)).status_code == 404


async def test_old_leads_become_findable_once(house: House) -> None:
    lead = await make_lead(house.session, owner=house.huang, **FIRM)
    assert await jobs.register_firms({}) == 1
    assert await jobs.register_firms({}) == 0
    assert [hit.record.id for hit in await duplicates.find(house.session, Identity("恒力机械")) if hit.record] == [lead.id]


async def people_of_one_region(session: AsyncSession) -> list[Any]:
    region = await make_region(session, "华东", (("江苏", None),))
    return [await make_person(session, region=region) for _ in range(4)]


async def test_leads_of_one_firm_at_the_same_moment_get_one_owner(committed: Committed) -> None:
    async with committed.owner() as session:
        await people_of_one_region(session)
        made = [(await make_lead(session, company=f"恒力{number}", phone="13811112222", province="江苏")).id for number in range(8)]

    async def assigned(lead_id: UUID) -> None:
        async with transaction(Lens.SYSTEM, "system:test") as session:
            await assign(session, lead_id, NOW)

    await asyncio.gather(*map(assigned, made))
    async with committed.owner() as session:
        owners = list(await session.scalars(select(Lead.owner_id)))
        codes = list(await session.scalars(text("select reason ->> 'code' from lead_assignment order by 1")))
    assert (len(owners), len(set(owners)), None in owners) == (8, 1, False)
    assert codes == ["duplicate_of_owned"] * 7 + ["region_least_load"]


async def test_two_reps_who_enter_one_firm_at_the_same_moment(committed: Committed, app: FastAPI) -> None:
    async with committed.owner() as session:
        headers = [await device_headers(session, person.id) for person in (await people_of_one_region(session))[:2]]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        body = {**FIRM, "assign_to_me": True}
        answers = await asyncio.gather(*(client.post(LEADS, json=body, headers=one) for one in headers))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    async with committed.owner() as session:
        assert await session.scalar(select(func.count()).select_from(Lead)) == 1
