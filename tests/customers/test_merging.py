"""LEAD-4: two customers become one with all that belongs to them, and two again, whoever tries it at the same moment."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_moment
from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.duplicates.models import RecordMerge
from backend.duplicates.rules import Identity
from backend.timeline.service import record
from tests.conftest import NOW, Committed, device_headers
from tests.customers.conftest import CUSTOMERS, HUAWEI, Shop
from tests.factories import make_contact, make_customer, make_lead, make_person, make_region

REASON = "同一家公司"


async def merge(shop: Shop, who: Any, survivor: Customer, loser: Customer, *take: str) -> Any:
    body = {"loser_id": str(loser.id), "take": list(take), "reason": REASON}
    return await (await shop.of(who)).post(f"{CUSTOMERS}/{survivor.id}/merges", body)


async def undo(shop: Shop, survivor: Customer) -> Any:
    desk = await shop.of(shop.house.manager)
    (*_, oldest) = (await desk.get(f"{CUSTOMERS}/{survivor.id}/merges")).json()["items"]
    return await desk.post(f"{CUSTOMERS}/{survivor.id}/merges/{oldest['id']}/undo", {})


async def page(shop: Shop, who: Any, customer: Customer) -> dict[str, Any]:
    answer = await (await shop.of(who)).get(f"{CUSTOMERS}/{customer.id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pair(shop: Shop) -> tuple[Customer, Customer]:
    """Zhang's customer, and Li's of the same firm with a contact, a subsidiary, a lead, a visit and a change that waits."""
    house = shop.house
    survivor = await make_customer(house.session, owner=house.zhang, name="苏州恒达机械有限公司")
    loser = await make_customer(house.session, owner=house.li, name="恒达机械（苏州）有限公司", credit_code=HUAWEI, address="星湖街 1 号")
    await make_contact(house.session, survivor, name="王芳", is_primary=True)
    await make_contact(house.session, loser, name="陈工", is_primary=True, phone="13811112222")
    await make_customer(house.session, owner=house.zhang, name="恒达精密", parent_id=loser.id)
    lead = await make_lead(house.session, owner=house.li, state="converted", customer_id=loser.id)
    for kind, subject in (("customer", loser.id), ("lead", lead.id)):
        await record(house.session, subject_type=kind, subject_id=subject, kind="visit", now=NOW, outcome="reached")
    await shop.ask(house.li, loser, address="新址")
    await duplicates.register(house.session, "customer", [(loser.id, Identity(loser.name, ("13811112222",), (), HUAWEI))])
    return survivor, loser


async def test_a_merge_brings_everything_along_and_undo_gives_it_back(shop: Shop) -> None:
    house = shop.house
    survivor, loser = await pair(shop)
    before = await page(shop, house.zhang, survivor)
    answer = await merge(shop, house.manager, survivor, loser, "credit_code", "address")
    assert answer.status_code == 201, answer.text
    shown = await page(shop, house.zhang, survivor)
    assert (shown["credit_code"], shown["address"], shown["owner"]["name"]) == (HUAWEI, "星湖街 1 号", "张磊")
    assert [(one["name"], one["is_primary"]) for one in shown["contacts"]] == [("王芳", True), ("陈工", False)]
    assert [one["name"] for one in shown["children"]] == ["恒达精密"]
    assert [(one["subject_name"], one["requested_by"]["name"]) for one in shown["pending"]] == [(loser.name, "李婷")]
    desk = await shop.of(house.zhang)
    kinds = [entry["kind"] for entry in (await desk.get(f"{CUSTOMERS}/{survivor.id}/timeline")).json()["items"]]
    assert sorted(kinds) == ["change.requested", "customer.merged", "visit", "visit"]
    assert [item["state"] for item in (await desk.get(f"{CUSTOMERS}/{survivor.id}/leads")).json()["items"]] == ["converted"]
    assert {item["name"] for item in (await (await shop.of(house.manager)).get(CUSTOMERS, scope="region")).json()["items"]} == {
        survivor.name, "恒达精密",
    }  # fmt: skip
    assert [item["name"] for item in (await desk.get(CUSTOMERS, q="13811112222")).json()["items"]] == [survivor.name]
    gone = await page(shop, house.li, loser)
    assert (gone["merged_into_id"], gone["actions"]) == (str(survivor.id), [])
    (hit,) = await duplicates.find(house.session, Identity(None, ("13811112222",)))
    assert hit.record is not None
    assert hit.record.id == survivor.id
    await house.relay()
    assert await house.told(house.li) == ["customer.merged_away"]
    assert "customer.merged_away" not in await house.told(house.zhang)

    assert (await undo(shop, survivor)).status_code == 200
    back, again = await page(shop, house.zhang, survivor), await page(shop, house.manager, loser)
    assert {name: back[name] for name in ("credit_code", "address", "contacts", "children", "pending")} == {
        name: before[name] for name in ("credit_code", "address", "contacts", "children", "pending")
    }
    assert (again["merged_into_id"], again["credit_code"], [one["name"] for one in again["children"]]) == (None, HUAWEI, ["恒达精密"])
    assert (len(again["pending"]), again["contacts"][0]["is_primary"], "change" in again["actions"]) == (1, True, True)
    assert (await undo(shop, survivor)).json()["code"] == "already_undone"


async def test_what_a_merge_brought_along_is_searched_and_compared_and_goes_back_with_it(shop: Shop) -> None:
    house = shop.house
    survivor, loser = await pair(shop)
    lead = await make_lead(house.session, owner=house.zhang, company="无锡别家", phone="13811112222")
    await duplicates.register(house.session, "lead", [(lead.id, Identity(lead.company, (lead.phone,)))])

    async def found(who: Any, *words: str) -> list[list[str]]:
        desk = await shop.of(who)
        return [[item["name"] for item in (await desk.get(CUSTOMERS, q=q)).json()["items"]] for q in words]

    async def compared(customer: Customer) -> list[tuple[str, list[str]]]:
        items = (await (await shop.of(house.manager)).get(f"{CUSTOMERS}/{customer.id}/duplicates")).json()["items"]
        return [(item["record"]["name"], item["matches"]) for item in items if item["subject_type"] == "lead"]

    assert await compared(survivor) == []
    assert (await merge(shop, house.manager, survivor, loser)).status_code == 201
    assert await found(house.zhang, "王芳", "陈工", "13811112222", "恒达机械（苏州）") == [[survivor.name]] * 4
    assert await compared(survivor) == [(lead.company, ["phone"])]
    chen = next(one for one in (await page(shop, house.zhang, survivor))["contacts"] if one["name"] == "陈工")
    change = {"phone": "13899998888", "reason": "换号"}
    asked = await (await shop.of(house.zhang)).edit(f"/api/v1/contacts/{chen['id']}", change, chen["version"])
    assert (await shop.decide(house.manager, asked.json()["change_request"])).status_code == 200
    assert await found(house.zhang, "13811112222", "13899998888") == [[], [survivor.name]]
    assert await compared(survivor) == []

    assert (await undo(shop, survivor)).status_code == 200
    assert await found(house.zhang, "王芳", "陈工", "13899998888", "恒达机械（苏州）") == [[survivor.name], [], [], []]
    assert await found(house.li, "王芳", "陈工", "13811112222", "13899998888") == [[], [loser.name], [], [loser.name]]

    top = await make_customer(house.session, owner=house.zhang, name="恒达集团")
    assert (await merge(shop, house.manager, survivor, loser)).status_code == 201
    inner = await house.session.scalar(select(RecordMerge.id).where(RecordMerge.undone_at.is_(None)))
    assert (await merge(shop, house.manager, top, survivor)).status_code == 201
    assert await found(house.zhang, "王芳", "陈工") == [["恒达集团"], ["恒达集团"]]
    undone = await (await shop.of(house.manager)).post(f"{CUSTOMERS}/{survivor.id}/merges/{inner}/undo", {})
    assert undone.json()["params"]["changes"][0]["field"] == "merged_into_id"


async def test_what_is_part_of_another_customer_is_changed_there(shop: Shop) -> None:
    house = shop.house
    survivor, loser = await pair(shop)
    (waiting,) = (await page(shop, house.li, loser))["pending"]
    assert (await merge(shop, house.manager, survivor, loser)).status_code == 201
    refused = await (await shop.of(house.manager)).edit(f"{CUSTOMERS}/{loser.id}", {"notes": "x"}, 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_is_merged")
    assert (await shop.decide(house.manager, waiting)).json()["code"] == "customer_is_merged"
    assert (await shop.decide(house.manager, waiting, "reject")).status_code == 200
    chen = next(one for one in (await page(shop, house.zhang, survivor))["contacts"] if one["name"] == "陈工")
    asked = await (await shop.of(house.zhang)).edit(
        f"/api/v1/contacts/{chen['id']}", {"is_primary": True, "reason": "换人"}, chen["version"]
    )
    assert asked.status_code == 202, asked.text
    request = asked.json()["change_request"]
    assert request["customer"]["id"] == str(survivor.id)
    assert (await shop.decide(house.manager, request)).status_code == 200
    contacts = (await page(shop, house.zhang, survivor))["contacts"]
    assert [(one["name"], one["is_primary"]) for one in contacts] == [("陈工", True), ("王芳", False)]


async def test_what_cannot_be_merged_or_undone(shop: Shop) -> None:
    house = shop.house
    survivor, loser = await pair(shop)
    far = await make_customer(house.session, owner=await make_person(house.session, region=house.south))
    archived = await make_customer(house.session, owner=house.zhang, state="archived")
    child = await make_customer(house.session, owner=house.zhang, parent_id=loser.id)
    assert (await merge(shop, house.manager, survivor, survivor)).json()["code"] == "same_record"
    assert (await merge(shop, house.manager, survivor, far)).status_code == 404
    assert (await merge(shop, house.zhang, survivor, survivor)).status_code == 403
    assert (await merge(shop, house.manager, survivor, loser, "owner_id")).status_code == 422
    assert (await merge(shop, house.manager, archived, loser)).json()["code"] == "customer_state_forbids"
    assert (await merge(shop, house.manager, child, loser)).json()["code"] == "merge_makes_circle"
    assert (await house.session.scalars(select(RecordMerge))).all() == []
    assert (await merge(shop, house.manager, survivor, archived)).status_code == 201
    assert (await merge(shop, house.manager, survivor, loser, "address")).status_code == 201
    assert (await merge(shop, house.manager, child, loser)).json()["code"] == "already_merged"
    (await shop.customer(survivor.id)).address = "后来改的"
    await house.session.flush()
    answer = await undo(shop, survivor)
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_since")
    shop.desks[house.manager.id].client.app.dependency_overrides[product_moment] = lambda: NOW + timedelta(days=30, seconds=1)  # type: ignore[attr-defined]
    assert (await undo(shop, survivor)).json()["code"] == "undo_too_late"


async def test_candidates_on_the_page_of_a_customer_are_masked_and_leave_out_its_own(shop: Shop) -> None:
    house = shop.house
    mine = await make_customer(house.session, owner=house.zhang, name="苏州恒力机械厂")
    own_lead = await make_lead(house.session, owner=house.zhang, company="苏州恒力机械厂", state="converted", customer_id=mine.id)
    other = await make_customer(house.session, owner=house.huang, name="蘇州恆力機械有限公司")
    near = await make_lead(house.session, owner=house.zhang, company="恒力机械（苏州）")
    for kind, one, name in (("customer", mine, mine.name), ("customer", other, other.name), ("lead", own_lead, own_lead.company), ("lead", near, near.company)):  # fmt: skip
        await duplicates.register(house.session, kind, [(one.id, Identity(name))])  # type: ignore[attr-defined]
    items = (await (await shop.of(house.zhang)).get(f"{CUSTOMERS}/{mine.id}/duplicates")).json()["items"]
    found = {(item["subject_type"], item["owner"]["name"], item["record"] and item["record"]["id"]) for item in items}
    assert found == {("customer", "黄丽华", None), ("lead", "张磊", str(near.id))}


async def crossing(session: AsyncSession) -> tuple[list[UUID], dict[str, str]]:
    region = await make_region(session, "华东")
    boss = await make_person(session, "regional_manager", region=region)
    owner = await make_person(session, region=region)
    return [(await make_customer(session, owner=owner)).id for _ in range(3)], await device_headers(session, boss.id)


@pytest.mark.parametrize("ways", [((0, 1), (1, 0)), ((0, 1), (1, 2), (2, 0))])
async def test_merges_at_the_same_moment_never_make_a_circle(committed: Committed, app: FastAPI, ways: Any) -> None:
    async with committed.owner() as session:
        ids, headers = await crossing(session)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=headers) as client:
        answers = await asyncio.gather(*(
            client.post(f"{CUSTOMERS}/{ids[into]}/merges", json={"loser_id": str(ids[loser]), "reason": REASON}) for loser, into in ways
        ))  # fmt: skip
    done = sum(answer.status_code == 201 for answer in answers)
    assert {answer.status_code for answer in answers} <= {201, 409}
    async with committed.owner() as session:
        into: dict[UUID, UUID | None] = {
            row.id: row.merged_into_id for row in await session.execute(select(Customer.id, Customer.merged_into_id))
        }
        merges = list(await session.execute(select(RecordMerge.loser_id, RecordMerge.survivor_id)))
    assert 1 <= done < len(ways)
    assert len(merges) == done
    assert {key: value for key, value in into.items() if value} == {row.loser_id: row.survivor_id for row in merges}
