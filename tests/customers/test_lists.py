"""Finding customers: search, filters, sorts and paging, as far as each lens sees (VIEW-6)."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import search
from backend.core.db import bind
from backend.customers import lists
from backend.customers.finding import CustomerFilter, Sort
from backend.customers.models import Contact, Customer
from backend.customers.rules import customer_number
from backend.identity.deps import LENS_OF_SCOPE
from backend.identity.models import Person
from tests.conftest import NOW, as_owner
from tests.customers.conftest import CUSTOMERS, HUAWEI, NEW, Shop
from tests.factories import make_contact, make_customer
from tests.leads.conftest import House

PARTS = ("苏州", "精工", "精密", "机械", "华丰", "ABB", "模具", "有限公司", "重庆", "3M")
PEOPLE = ("王芳", "李伟", "Anna Li", "王海燕")
QUERIES = (
    "精密", "密机", "华丰", "abb", "3m", "有限公司", "jgjm", "jm", "jingmi", "suzhou", "王芳", "wangf", "anna", "138", "1380", "138-0",
    "cq", "chongqing", "9144", "03001922", "922038216", "91", "不存在", "zzzz",
)  # fmt: skip


async def crowd(house: House, many: int) -> list[Customer]:
    """Customers of every holder, made of a few words so that a search finds some and not others."""
    dice = random.Random(7)
    made = []
    for number in range(many):
        owner = dice.choice((house.zhang, house.li, house.huang, house.manager))
        backup = dice.choice([one for one in (house.zhang, house.huang, None) if one is not owner])
        fields: dict[str, Any] = {
            "backup_owner_id": backup.id if backup else None,
            "last_activity_at": NOW - timedelta(minutes=dice.randrange(30)),
        }
        if dice.random() < 0.3:
            fields["credit_code"] = f"9144030{number:04}922038216"[:18]
        customer = await make_customer(house.session, owner=owner, name="".join(dice.sample(PARTS, 3)), **fields)
        for _ in range(dice.choice((0, 1, 2))):
            await make_contact(house.session, customer, name=dice.choice(PEOPLE), phone=f"1380{number:07}")
        await house.session.refresh(customer)
        made.append(customer)
    return made


async def found(session: AsyncSession, person: Person, scope: str, wanted: CustomerFilter, sort: Sort = Sort.ACTIVITY) -> list[UUID]:
    await bind(session, LENS_OF_SCOPE[scope], str(person.id))  # type: ignore[index]
    page = await lists.page(session, scope, wanted, sort, None, 200)
    await as_owner(session)
    return [item.id for item in page.items]


async def visible(session: AsyncSession, person: Person, scope: str) -> set[UUID]:
    """What row security itself shows."""
    await bind(session, LENS_OF_SCOPE[scope], str(person.id))  # type: ignore[index]
    seen = set(await session.scalars(select(Customer.id)))
    await as_owner(session)
    return seen


async def test_a_search_finds_what_a_look_at_every_visible_row_finds(house: House) -> None:
    customers = await crowd(house, 60)
    hits = 0
    for person, scope in ((house.zhang, "own"), (house.manager, "region"), (house.director, "region"), (house.admin, "company")):
        seen = await visible(house.session, person, scope)
        assert seen
        assert set(await found(house.session, person, scope, CustomerFilter())) == seen
        for query in QUERIES:
            naive = {one.id for one in customers if one.id in seen and search.contains(one.search_text, search.needle(query))}
            answer = await found(house.session, person, scope, CustomerFilter(q=query))
            assert (len(answer), set(answer)) == (len(naive), naive), (person.name, scope, query)
            hits += len(naive)
    assert hits > 300
    for person, scope in ((house.zhang, "region"), (house.zhang, "company")):
        assert await found(house.session, person, scope, CustomerFilter()) == [], "without the reach the function finds nothing"


async def test_what_is_entered_and_changed_is_found_at_once(shop: Shop) -> None:
    house = shop.house
    user = await shop.of(house.zhang)
    created = (await user.post(CUSTOMERS, NEW)).json()
    customer = await shop.customer(UUID(created["id"]))

    async def hits(*queries: str) -> list[str]:
        answers = [(await user.get(CUSTOMERS, q=query)).json()["items"] for query in queries]
        return [query for query, items in zip(queries, answers, strict=True) if [item["id"] for item in items] == [created["id"]]]

    known = ["恒达", "hdjx", "hengda", "王芳", "wf", "1234567", "138-1234", HUAWEI[4:9], HUAWEI, "kh1", customer_number(customer.number)]
    assert await hits(*known) == [query for query in known if query != "kh1" or customer.number == 1]
    await user.post(f"{CUSTOMERS}/{customer.id}/contacts", {"name": "赵敏", "role": "finance", "phone": "13700009999"})
    assert await hits("赵敏", "0009999", "zhaomin") == ["赵敏", "0009999", "zhaomin"]
    contact = await house.session.scalar(select(Contact).where(Contact.name == "赵敏"))
    assert contact is not None
    asked = await user.edit(f"/api/v1/contacts/{contact.id}", {"phone": "13600008888", "reason": "换号"}, contact.version)
    assert (await shop.decide(house.manager, asked.json()["change_request"])).status_code == 200
    assert await hits("0009999", "00008888") == ["00008888"]
    customer = await shop.customer(customer.id)
    request = await shop.ask(house.zhang, customer, name="苏州腾飞科技有限公司")
    assert await hits("恒达", "腾飞") == ["恒达"], "nothing changes before the approval"
    assert (await shop.decide(house.manager, request)).status_code == 200
    assert await hits("恒达", "腾飞", "tfkj", "00008888", HUAWEI) == ["腾飞", "tfkj", "00008888", HUAWEI]
    assert (await shop.customer(customer.id)).name_sort.startswith("suzhoutengfei")
    loser = await make_customer(house.session, owner=house.zhang, name="老恒达厂")
    await make_contact(house.session, loser, name="钱多多", phone="13511112222")
    merge = {"loser_id": str(loser.id), "reason": "同一家公司"}
    assert (await (await shop.of(house.manager)).post(f"{CUSTOMERS}/{customer.id}/merges", merge)).status_code == 201
    kept = (await shop.customer(customer.id)).search_text
    assert [search.contains(kept, one) for one in ("腾飞", "老恒达", "钱多多", "11112222", "不在")] == [True] * 4 + [False]


async def test_each_filter_narrows_to_its_customers(house: House, shop: Shop) -> None:
    late = NOW - timedelta(days=40)
    rows: dict[str, dict[str, Any]] = {
        "plain": {}, "key": {"is_key": True}, "kept": {"is_key": True, "backup_owner_id": house.li.id}, "quiet": {"last_activity_at": late},
        "trade": {"industry": "阀门"}, "web": {"source": "website"}, "tagged": {"tags": ["年框", "出口"]}, "old": {"created_at": late},
        "lis": {"owner": house.li}, "south": {"region": house.south}, "gone": {"state": "archived"},
    }  # fmt: skip
    for name, fields in rows.items():
        await make_customer(house.session, **{"owner": house.zhang, "name": name, **fields})
    everything = set(rows) - {"gone"}
    user = await shop.of(house.director)
    week = (NOW - timedelta(days=7)).isoformat()
    for params, names in (
        ({}, everything),
        ({"state": "archived"}, {"gone"}),
        ({"state": ["active", "archived"]}, set(rows)),
        ({"is_key": True}, {"key", "kept"}),
        ({"is_key": False}, everything - {"key", "kept"}),
        ({"has_backup": True}, {"kept"}),
        ({"lacks_backup": True}, {"key"}),
        ({"lacks_backup": False}, everything - {"key"}),
        ({"quiet_since": week}, {"quiet"}),
        ({"active_since": week}, everything - {"quiet"}),
        ({"industry": ["阀门", "无"]}, {"trade"}),
        ({"source": "website"}, {"web"}),
        ({"tag": ["出口", "无"]}, {"tagged"}),
        ({"created_before": week}, {"old"}),
        ({"created_from": week}, everything - {"old"}),
        ({"owner": str(house.li.id)}, {"lis"}),
        ({"region": str(house.south.id)}, {"south"}),
        ({"q": "tag", "tag": "年框"}, {"tagged"}),
        ({"q": "tag", "tag": "别的"}, set()),
        ({"source": "x' or true --"}, set()),
    ):
        answer = (await user.get(CUSTOMERS, scope="region", **params)).json()
        assert {item["name"] for item in answer["items"]} == names, params
        counted = await user.get("/api/v1/customer-count", scope="region", **params)
        assert counted.json() == {"count": len(names), "is_more": False}, params
    assert (await user.get("/api/v1/customer-industries", scope="region")).json() == {"items": ["阀门"]}
    for path in (CUSTOMERS, "/api/v1/customer-count"):
        short = await user.get(path, scope="region", q="王")
        assert (short.status_code, short.json()["code"]) == (422, "search_too_short")


@pytest.mark.parametrize("sort", list(Sort))
async def test_every_sort_pages_in_its_order_without_gap_or_repeat(house: House, shop: Shop, sort: Sort) -> None:
    steps = (None, NOW, None, NOW - timedelta(days=1), NOW + timedelta(days=1))
    made = [
        await make_customer(
            house.session, owner=house.zhang, name=name, next_step_at=step, created_at=NOW - timedelta(hours=number // 2),
            last_activity_at=NOW - timedelta(hours=(number * 3) % 5), backup_owner_id=(None, house.li.id)[number % 2],
        )
        for number, (name, step) in enumerate(zip(("重庆", "北京", "上海", "安阳", "ABC"), steps, strict=True))
    ]  # fmt: skip
    keys = {
        "activity": lambda one: one.last_activity_at, "created": lambda one: one.created_at, "name": lambda one: one.name_sort,
        "next_step": lambda one: (one.next_step_at is None, one.next_step_at or NOW),
    }  # fmt: skip
    key = keys[sort.value.lstrip("-")]
    wanted = [one.name for one in sorted(made, key=lambda one: (key(one), one.id), reverse=sort.value.startswith("-"))]
    for person, scope in ((house.zhang, "own"), (house.director, "region"), (house.admin, "company")):
        user, cursor, shown = await shop.of(person), None, list[str]()
        while True:
            page = (await user.get(CUSTOMERS, scope=scope, sort=sort.value, limit=2, **({"cursor": cursor} if cursor else {}))).json()
            shown += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
            assert (await user.get(CUSTOMERS, scope=scope, sort=sort.value, limit=2, cursor=cursor, is_key=True)).status_code == 400
        assert shown == wanted, (person.name, scope)


OTHERS = """
insert into customer (id, name, name_key, source, owner_id, region_id, created_at, last_activity_at)
select uuidv7(), 'f' || n, '', 'manual', :owner, :region, moment, moment
from generate_series(1, 5000) n cross join lateral (select cast(:now as timestamptz) - n * interval '1 minute') of_row(moment)
"""
WORK = """
select coalesce(pg_stat_get_xact_tuples_returned('customer'::regclass), 0) + sum(pg_stat_get_xact_tuples_returned(indexrelid))
from pg_index where indrelid = 'customer'::regclass
"""


async def test_few_of_many_customers_are_found_by_walking_over_few(house: House) -> None:
    """Rows and index entries that the database touches: the own list in any order, a rare name, industry, tag or archive of the company."""
    await house.session.execute(text("alter table customer disable trigger user"))
    await house.session.execute(text(OTHERS), {"owner": house.li.id, "region": house.east.id, "now": NOW})
    await house.session.execute(text("alter table customer enable trigger user"))
    rare: dict[str, Any] = {"name": "罕见字号", "industry": "阀门", "tags": ["出口"]}
    mine = [
        await make_customer(house.session, owner=house.zhang, last_activity_at=NOW - timedelta(days=30 * number), **rare)
        for number in (1, 2)
    ]
    gone = await make_customer(house.session, owner=house.li, state="archived", last_activity_at=NOW - timedelta(days=99))
    await house.session.execute(text("analyze customer"))

    async def work(person: Person, scope: str, wanted: CustomerFilter, sort: Sort = Sort.ACTIVITY) -> tuple[set[UUID], int]:
        before = await house.session.scalar(text(WORK))
        answer = set(await found(house.session, person, scope, wanted, sort))
        return answer, await house.session.scalar(text(WORK)) - before

    ids = {one.id for one in mine}
    for sort in Sort:
        answer, touched = await work(house.zhang, "own", CustomerFilter(), sort)
        assert (answer, touched < 50) == (ids, True), (sort, touched)
    for wanted, names in (
        (CustomerFilter(industries=["阀门"]), ids),
        (CustomerFilter(owners=[house.zhang.id]), ids),
        (CustomerFilter(states=["archived"]), {gone.id}),
        (CustomerFilter(tags=["出口"]), ids),
        (CustomerFilter(is_key=True), set()),
    ):
        answer, touched = await work(house.admin, "company", wanted)
        assert (answer, touched < 50) == (names, True), (wanted, touched)
    answer, touched = await work(house.admin, "company", CustomerFilter(q="罕见"))
    assert (answer, touched < 2500) == (ids, True), "a walk of a thousand, then the grams"
