"""Customers over HTTP: entry, scope, lists, free fields, contacts, follow-ups, archive."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from backend.core.db import Lens, bind
from backend.core.ids import new_id
from backend.customers import queries, rules
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW, as_owner
from tests.customers.conftest import CUSTOMERS, HUAWEI, NEW, TENCENT, Shop
from tests.factories import make_contact, make_customer, make_person

VISIT = {"kind": "visit", "outcome": "interested", "note": "看了产线", "next_step": "寄样件", "next_step_at": "2026-03-12T09:00:00+08:00"}


async def names(shop: Shop, who: Any, **params: Any) -> set[str]:
    answer = await (await shop.of(who)).get(CUSTOMERS, **params)
    assert answer.status_code == 200, answer.text
    return {item["name"] for item in answer.json()["items"]}


async def test_a_new_customer_belongs_to_its_author_and_to_the_region_of_its_place(shop: Shop) -> None:
    created = await (await shop.of(shop.house.zhang)).post(CUSTOMERS, NEW)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert (shown["owner"]["name"], shown["region"]["name"], shown["province"], shown["city"]) == ("张磊", "华东", "江苏", "苏州")
    assert (shown["state"], shown["credit_code"], shown["version"], shown["number"][:2]) == ("active", HUAWEI, 1, "KH")
    assert [(one["name"], one["role"], one["is_primary"]) for one in shown["contacts"]] == [
        ("王芳", "decider", True),
        ("陈工", "technical", False),
    ]
    assert (shown["contact"], shown["phone"], shown["actions"]) == ("王芳", "13812345678", ["log_follow_up", "change"])
    assert await shop.house.history(UUID(shown["id"])) == ["customer.created"]
    assert (await shop.customer(UUID(shown["id"]))).name_key == "苏州恒达机械"


@pytest.mark.parametrize(("fields", "region"), [
    ({"province": "江苏", "city": "连云港"}, "华南"), ({"province": "广东", "city": None}, "华南"), ({"province": "云南"}, "华东"), ({}, "华东"),
])  # fmt: skip
async def test_the_region_comes_from_the_place_and_else_from_the_owner(shop: Shop, fields: dict[str, Any], region: str) -> None:
    created = await (await shop.of(shop.house.zhang)).post(CUSTOMERS, {"name": "某公司", **fields})
    assert created.json()["region"]["name"] == region


async def test_a_chosen_region_wins(shop: Shop) -> None:
    body = {**NEW, "region_id": str(shop.house.south.id)}
    assert (await (await shop.of(shop.house.zhang)).post(CUSTOMERS, body)).json()["region"]["name"] == "华南"


@pytest.mark.parametrize(("changes", "pointer", "code"), [
    ({"credit_code": "914403001922038217"}, "#/credit_code", "bad_code"),
    ({"website": "javascript:alert(1)"}, "#/website", "not_a_website"),
    ({"region_id": str(uuid4())}, "#/region_id", "unknown"),
    ({"parent_id": str(uuid4())}, "#/parent_id", "unknown"),
    ({"backup_owner_id": str(uuid4())}, "#/backup_owner_id", "cannot_own_customers"),
    ({"contacts": [{"name": "王", "role": "user", "phone": "123"}]}, "#/phone", "not_a_phone"),
    ({"contacts": [{"name": "王", "role": "user", "email": "x"}]}, "#/email", "not_an_email"),
    ({"contacts": [{"name": "王", "role": "boss"}]}, "#/contacts/0/role", "enum"),
    ({"name": " "}, "#/name", "string_too_short"),
    ({"owner_id": str(uuid4())}, "#/owner_id", "extra_forbidden"),
])  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_is_stored(shop: Shop, changes: dict[str, Any], pointer: str, code: str) -> None:
    user, before = await shop.of(shop.house.zhang), await shop.traces()
    refused = await user.post(CUSTOMERS, {**NEW, **changes})
    assert refused.status_code == 422, refused.text
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [(pointer, code)]
    assert await shop.traces() == before


async def test_the_owner_is_no_backup(shop: Shop) -> None:
    body = {**NEW, "backup_owner_id": str(shop.house.zhang.id)}
    refused = await (await shop.of(shop.house.zhang)).post(CUSTOMERS, body)
    assert [error["code"] for error in refused.json()["errors"]] == ["same_person"]


async def test_a_credit_code_stands_for_one_customer_even_out_of_sight(shop: Shop) -> None:
    there = await make_customer(shop.house.session, owner=shop.house.huang, credit_code=HUAWEI)
    user, before = await shop.of(shop.house.zhang), await shop.traces()
    refused = await user.post(CUSTOMERS, NEW)
    assert (refused.status_code, refused.json()["code"]) == (409, "credit_code_taken")
    assert there.name not in refused.text
    assert await shop.traces() == before
    there.state, there.archived_at = "archived", NOW
    await shop.house.session.flush()
    assert (await user.post(CUSTOMERS, NEW)).status_code == 201


async def test_who_sees_which_customers(shop: Shop) -> None:
    house = shop.house
    for name, owner, more in (
        ("自己的", house.zhang, {}), ("备份的", house.li, {"backup_owner_id": house.zhang.id}), ("同事的", house.li, {}), ("外区的", house.huang, {}),
    ):  # fmt: skip
        await make_customer(house.session, owner=owner, name=name, **more)
    assert await names(shop, house.zhang) == {"自己的", "备份的"}
    assert await names(shop, house.manager, scope="region") == {"自己的", "备份的", "同事的"}
    assert await names(shop, house.director, scope="region") == {"自己的", "备份的", "同事的", "外区的"}
    assert await names(shop, house.admin, scope="company") == {"自己的", "备份的", "同事的", "外区的"}
    assert (await (await shop.of(house.zhang)).get(CUSTOMERS, scope="region")).status_code == 403


async def test_one_customer_obeys_the_same_reach(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    outside, engineer = await make_person(house.session), await make_person(house.session, "engineer")
    house.zhang.supervisor_id = outside.id
    await house.session.flush()
    for person, status in (
        (house.zhang, 200), (house.manager, 200), (house.director, 200), (house.marketing, 200), (house.admin, 200), (outside, 200),
        (house.li, 404), (house.huang, 404), (engineer, 404),
    ):  # fmt: skip
        for path in ("", "/timeline"):
            assert (await (await shop.of(person)).get(f"{CUSTOMERS}/{customer.id}{path}")).status_code == status, (person.name, path)


async def test_lists_are_filtered_and_their_pages_join(shop: Shop) -> None:
    house = shop.house
    for age in range(7):
        moment = NOW - timedelta(minutes=age // 3)
        await make_customer(house.session, owner=house.zhang, name=f"客户{age}", last_activity_at=moment, is_key=age == 2)
    await make_customer(house.session, owner=house.zhang, name="归档", state="archived")
    survivor = await make_customer(house.session, owner=house.li, name="李的", is_key=True, backup_owner_id=house.zhang.id)
    await make_customer(house.session, owner=house.zhang, name="并掉的", merged_into_id=survivor.id)
    user, seen, cursor = await shop.of(house.zhang), [], None
    while True:
        page = (await user.get(CUSTOMERS, limit=3, owner=str(house.zhang.id), **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == [f"客户{age}" for age in range(7)]
    assert [name[-1] for name in seen[-1:]] == ["6"]
    assert await names(shop, house.zhang, state="archived") == {"归档"}
    assert await names(shop, house.zhang, is_key=True) == {"客户2", "李的"}
    assert await names(shop, house.zhang, lacks_backup=True) == {"客户2"}
    assert await names(shop, house.director, scope="region", region=str(house.south.id)) == set()
    assert (await user.get(CUSTOMERS, state="merged")).status_code == 422


async def test_sql_and_python_agree_on_a_missing_backup(shop: Shop) -> None:
    house = shop.house
    rows = [
        await make_customer(house.session, owner=house.zhang, is_key=is_key, backup_owner_id=backup, state=state)
        for is_key in (True, False) for backup in (None, house.li.id) for state in ("active", "archived")
    ]  # fmt: skip
    by_sql = set(await house.session.scalars(select(Customer.id).where(queries.LACKS_BACKUP)))
    expected = {row.id for row in rows if rules.lacks_backup(is_key=row.is_key, backup_owner_id=row.backup_owner_id, state=row.state)}
    assert by_sql == expected
    assert len(expected) == 1


async def test_notes_and_tags_change_at_once(shop: Shop) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang)
    user, path = await shop.of(shop.house.zhang), f"{CUSTOMERS}/{customer.id}"
    changed = await user.edit(path, {"notes": "喜欢先看样件", "tags": ["汽配", "汽配", "老客户"]})
    assert changed.status_code == 200, changed.text
    shown = changed.json()
    assert (shown["customer"]["notes"], shown["customer"]["tags"], shown["change_request"]) == ("喜欢先看样件", ["汽配", "老客户"], None)
    assert changed.headers["ETag"] == '"v2"'
    assert await shop.house.history(customer.id) == ["customer.changed"]
    stale = await user.edit(path, {"notes": "x"})
    assert (stale.status_code, stale.json()["params"]["current"]["version"]) == (412, 2)
    before = await shop.traces()
    assert (await user.edit(path, {"notes": "喜欢先看样件", "name": customer.name}, 2)).status_code == 200
    assert await shop.traces() == before


async def test_a_contact_is_added_freely_and_its_notes_too(shop: Shop) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang, last_activity_at=NOW - timedelta(days=9))
    user = await shop.of(shop.house.zhang)
    first = await user.post(f"{CUSTOMERS}/{customer.id}/contacts", {"name": "赵总", "role": "decider", "title": "总经理"})
    assert first.status_code == 201, first.text
    second = await user.post(f"{CUSTOMERS}/{customer.id}/contacts", {"name": "小孙", "role": "purchaser", "phone": "0512-66668888"})
    assert (first.json()["is_primary"], second.json()["is_primary"]) == (True, False)
    noted = await user.edit(f"/api/v1/contacts/{second.json()['id']}", {"notes": "周五不接电话"})
    assert (noted.status_code, noted.json()["contact"]["notes"], noted.json()["contact"]["version"]) == (200, "周五不接电话", 2)
    assert await shop.house.history(customer.id) == ["contact.added", "contact.added", "contact.changed"]
    assert (await shop.customer(customer.id)).last_activity_at == NOW
    stored = await shop.house.session.scalar(select(Contact.phone_key).where(Contact.name == "小孙"))
    assert stored == "+8651266668888"


async def test_a_follow_up_is_an_activity_and_leaves_open_forms_good(shop: Shop) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang, last_activity_at=NOW - timedelta(days=9))
    user = await shop.of(shop.house.zhang)
    logged = await user.post(f"{CUSTOMERS}/{customer.id}/follow-ups", VISIT)
    assert logged.status_code == 201, logged.text
    assert (logged.json()["kind"], logged.json()["outcome"], logged.json()["actor"]["name"]) == ("visit", "interested", "张磊")
    shown = (await user.get(f"{CUSTOMERS}/{customer.id}")).json()
    assert (shown["next_step"], shown["next_step_at"], shown["version"]) == ("寄样件", "2026-03-12T01:00:00Z", 1)
    assert shown["last_activity_at"] == "2026-03-10T02:00:00Z"
    await shop.house.relay()
    assert await shop.house.shown(shop.house.manager) == ["customer.changed"]
    assert (await user.post(f"{CUSTOMERS}/{customer.id}/follow-ups", {"kind": "visit"})).status_code == 422


async def test_group_companies_are_shown_and_make_no_circle(shop: Shop) -> None:
    house = shop.house
    top = await make_customer(house.session, owner=house.zhang, name="集团")
    middle = await make_customer(house.session, owner=house.zhang, name="子公司", parent_id=top.id)
    leaf = await make_customer(house.session, owner=house.li, name="孙公司", parent_id=middle.id)
    shown = (await (await shop.of(house.manager)).get(f"{CUSTOMERS}/{middle.id}")).json()
    assert (shown["parent"]["name"], [one["name"] for one in shown["children"]]) == ("集团", ["孙公司"])
    assert (await (await shop.of(house.zhang)).get(f"{CUSTOMERS}/{middle.id}")).json()["children"] == []
    before = await shop.traces()
    for child, parent, code in ((top, leaf, "circle"), (top, top, "circle"), (leaf, top, None)):
        answer = await (await shop.of(house.manager)).edit(f"{CUSTOMERS}/{child.id}", {"parent_id": str(parent.id), "reason": "股权变更"})
        if code is None:
            assert answer.status_code == 202, answer.text
        else:
            assert [error["code"] for error in answer.json()["errors"]] == [code]
            assert await shop.traces() == before


async def test_an_administrator_archives_and_restores_with_a_reason(shop: Shop) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang, credit_code=TENCENT)
    admin, path = await shop.of(house.admin), f"{CUSTOMERS}/{customer.id}"
    assert (await admin.post(f"{path}/archiving", {"reason": " "})).status_code == 422
    archived = await admin.post(f"{path}/archiving", {"reason": "公司注销"})
    assert archived.status_code == 200, archived.text
    assert (archived.json()["state"], archived.json()["archive_reason"], archived.json()["archived_by"]["name"]) == (
        "archived",
        "公司注销",
        "周敏",
    )
    assert archived.json()["actions"] == ["restore"]
    assert (await admin.post(f"{path}/archiving", {"reason": "再来"})).status_code == 409
    rep = await shop.of(house.zhang)
    assert (await rep.post(f"{path}/follow-ups", VISIT)).status_code == 409
    assert (await rep.edit(path, {"notes": "x"}, 2)).status_code == 409
    await make_customer(house.session, owner=house.huang, credit_code=TENCENT)
    clash = await admin.post(f"{path}/restoration", {"reason": "误归档"})
    assert (clash.status_code, clash.json()["code"]) == (409, "credit_code_taken")
    await house.session.execute(text("update customer set credit_code = null where owner_id = :owner").bindparams(owner=house.huang.id))
    restored = await admin.post(f"{path}/restoration", {"reason": "误归档"})
    assert (restored.json()["state"], restored.json()["archived_at"], restored.json()["actions"]) == (
        "active",
        None,
        ["change", "archive", "merge"],
    )
    await house.relay()
    assert await house.told(house.zhang) == ["customer.archived", "customer.restored"]
    assert await house.history(customer.id) == ["customer.archived", "customer.restored"]


@pytest.mark.parametrize(("who", "status"), [("zhang", 403), ("manager", 403), ("director", 403), ("marketing", 403), ("li", 404)])
async def test_nobody_else_archives(shop: Shop, who: str, status: int) -> None:
    customer = await make_customer(shop.house.session, owner=shop.house.zhang)
    before = await shop.traces()
    refused = await (await shop.of(getattr(shop.house, who))).post(f"{CUSTOMERS}/{customer.id}/archiving", {"reason": "不想要了"})
    assert refused.status_code == status, refused.text
    assert await shop.traces() == before


@pytest.mark.parametrize("who", ["zhang", "li", "admin"])
async def test_the_database_account_deletes_nothing_and_forges_nothing(shop: Shop, who: str) -> None:
    house = shop.house
    customer = await make_customer(house.session, owner=house.zhang)
    await make_contact(house.session, customer)
    forged = {
        "customer_id": customer.id,
        "subject_type": "customer",
        "subject_id": customer.id,
        "subject_version": 1,
        "changes": {},
        "reason": "x",
    }
    person = getattr(house, who)
    statements: list[Any] = [
        text("delete from customer"), text("delete from contact"), text("delete from change_request"), text("truncate customer cascade"),
        insert(Customer).values(
            id=new_id(), name="假", name_key="", source="x", owner_id=house.huang.id, created_by=person.id, created_at=NOW, last_activity_at=NOW
        ),
        insert(ChangeRequest).values(id=new_id(), **forged, requested_by=house.manager.id, requested_at=NOW),
        insert(ChangeRequest).values(id=new_id(), **forged, requested_by=person.id, requested_at=NOW, state="approved", decided_at=NOW),
        insert(TimelineEntry).values(
            id=new_id(), subject_type="customer", subject_id=customer.id, kind="call", at=NOW, recorded_at=NOW, actor_id=house.huang.id, body={}
        ),
    ]  # fmt: skip
    for statement in statements:
        async with house.session.begin_nested() as attempt:
            await bind(house.session, Lens.PERSON, str(person.id))
            with pytest.raises(DBAPIError, match=r"permission denied|row-level security"):
                await house.session.execute(statement)
            await attempt.rollback()
    await as_owner(house.session)
