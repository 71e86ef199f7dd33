"""One action on many customers: each is changed, waits or is refused by itself (HAND-1, HAND-2)."""

from typing import Any

from sqlalchemy import select

from backend.customers.models import ChangeRequest, Customer
from tests.customers.conftest import Shop
from tests.factories import make_customer

CHANGES = "/api/v1/customer-changes"


async def rows(shop: Shop, person: Any, **body: Any) -> list[tuple[int, str | None]]:
    answer = await (await shop.of(person)).post(CHANGES, body)
    assert answer.status_code == 207, answer.text
    result = answer.json()
    assert [row["id"] for row in result["items"]] == body["ids"]
    assert (result["done"], result["refused"]) == (
        sum(row["code"] is None for row in result["items"]),
        sum(row["code"] is not None for row in result["items"]),
    )
    return [(row["status"], row["code"]) for row in result["items"]]


async def test_another_owner_or_backup_waits_for_the_superior_of_each(shop: Shop) -> None:
    house = shop.house
    mine = [await make_customer(house.session, owner=house.zhang) for _ in range(2)]
    lis = await make_customer(house.session, owner=house.li)
    far = await make_customer(house.session, owner=house.marketing)
    gone = await make_customer(house.session, owner=house.zhang, state="archived")
    ids = [str(one.id) for one in (*mine, lis, far, gone)]
    asked = await rows(shop, house.manager, action="assign_owner", person_id=str(house.li.id), reason="张磊调岗", ids=ids)
    assert asked == [(202, None), (202, None), (409, "nothing_changes"), (404, "not_found"), (409, "customer_state_forbids")]
    requests = list(await house.session.scalars(select(ChangeRequest).order_by(ChangeRequest.customer_id)))
    assert [one.customer_id for one in requests] == sorted(one.id for one in mine)
    assert {(one.requested_by, one.reason, one.changes["owner_id"]["new"]) for one in requests} == {
        (house.manager.id, "张磊调岗", str(house.li.id))
    }
    assert house.manager.id not in {one.approver_id for one in requests}, "nobody approves their own"
    again = await rows(shop, house.manager, action="assign_owner", person_id=str(house.li.id), reason="再提", ids=ids[:1])
    assert again == [(409, "change_pending")]
    backup = await rows(shop, house.zhang, action="assign_backup", person_id=str(house.li.id), reason="重点客户", ids=[*ids[:1], ids[2]])
    assert backup == [(202, None), (404, "not_found")]
    own = await rows(shop, house.zhang, action="assign_backup", person_id=str(house.zhang.id), reason="自己", ids=ids[1:2])
    assert own == [(422, "invalid_input")]
    assert {one.owner_id for one in [await shop.customer(one.id) for one in mine]} == {house.zhang.id}, "nothing changes before"


async def test_an_administrator_archives_many_and_nobody_else_one(shop: Shop) -> None:
    house = shop.house
    customers = [await make_customer(house.session, owner=house.zhang) for _ in range(2)]
    gone = await make_customer(house.session, owner=house.zhang, state="archived")
    ids = [str(one.id) for one in (*customers, gone)]
    before = await shop.traces()
    for person in (house.zhang, house.manager):
        refused = await rows(shop, person, action="archive", reason="清理", ids=ids)
        assert [status for status, _ in refused] == [403, 403, 403]
    assert await shop.traces() == before
    assert await rows(shop, house.admin, action="archive", reason="客户注销", ids=ids) == [
        (200, None), (200, None), (409, "customer_state_forbids"),
    ]  # fmt: skip
    states = await house.session.execute(
        select(Customer.state, Customer.archive_reason).where(Customer.id.in_([one.id for one in customers]))
    )
    assert [tuple(row) for row in states] == [("archived", "客户注销")] * 2
    for body in ({"action": "delete", "ids": ids}, {"action": "archive", "ids": ids}, {"action": "archive", "reason": "x", "ids": []}):
        assert (await (await shop.of(house.admin)).post(CHANGES, body)).status_code == 422
