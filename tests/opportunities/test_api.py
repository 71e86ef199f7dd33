"""Opportunities over HTTP: entry, change, follow-up, lists, board, and the lead that opens one (LEAD-7)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from backend.customers.models import Customer
from backend.opportunities.models import Opportunity
from tests.conftest import NOW
from tests.factories import make_contact, make_customer, make_opportunity, make_person
from tests.opportunities.conftest import CALL, OPPORTUNITIES, Sales

BOARD = "/api/v1/board"
NEW = {
    "name": "电机支架年度框架",
    "expected_amount": "120000.00",
    "expected_close_on": "2026-05-01",
    "product_line": "冲压件",
    "need": "月供一万件",
}


async def test_a_new_deal_belongs_to_the_owner_of_its_customer_and_begins_in_the_first_stage(sales: Sales) -> None:
    house = sales.house
    contact = await make_contact(house.session, sales.customer, is_primary=True, name="王芳")
    made = await (await sales.of(house.manager)).post(OPPORTUNITIES, {**NEW, "customer_id": str(sales.customer.id)})
    assert made.status_code == 201, made.text
    shown = made.json()
    assert (shown["owner"]["name"], shown["region"]["name"], shown["customer"]["name"]) == ("张磊", "华东", "苏州恒达机械有限公司")
    assert (shown["number"][:2], shown["state"], shown["version"], shown["expected_amount"], shown["is_flagged"]) == (
        "SJ", "open", 1, "120000.00", False,
    )  # fmt: skip
    assert (shown["contact"]["id"], shown["stays"][0]["stage"]["key"], shown["stays"][0]["entered_by"]["name"]) == (
        str(contact.id), "first_contact", "王海燕",
    )  # fmt: skip
    assert (shown["next_step"], shown["next_step_at"]) == ("首次联系，确认需求与联系人", "2026-03-11T09:30:00Z")
    assert await house.history(UUID(shown["id"])) == ["opportunity.created"]
    await house.relay()
    assert await house.told(house.zhang) == ["opportunity.given_to_you"]
    assert await house.told(house.manager) == []


@pytest.mark.parametrize(("changes", "pointer", "code"), [
    ({"customer_id": str(uuid4())}, "#/customer_id", "unknown"),
    ({"pipeline_id": str(uuid4())}, "#/pipeline_id", "unknown"),
    ({"contact_id": str(uuid4())}, "#/contact_id", "unknown"),
    ({"expected_amount": "-1"}, "#/expected_amount", "greater_than_equal"),
    ({"expected_amount": "1.005"}, "#/expected_amount", "decimal_max_places"),
    ({"currency": "yuan"}, "#/currency", "string_pattern_mismatch"),
    ({"expected_close_on": "soon"}, "#/expected_close_on", "date_from_datetime_parsing"),
    ({"name": "  "}, "#/name", "string_too_short"),
    ({"owner_id": str(uuid4())}, "#/owner_id", "extra_forbidden"),
])  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_is_stored(sales: Sales, changes: dict[str, Any], pointer: str, code: str) -> None:
    user, before = await sales.of(sales.house.zhang), await sales.traces()
    refused = await user.post(OPPORTUNITIES, {**NEW, "customer_id": str(sales.customer.id), **changes})
    assert refused.status_code == 422, refused.text
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [(pointer, code)]
    assert await sales.traces() == before


async def test_a_customer_that_one_only_sees_gets_no_deal(sales: Sales) -> None:
    admin, before = await sales.of(sales.house.admin), await sales.traces()
    refused = await admin.post(OPPORTUNITIES, {**NEW, "customer_id": str(sales.customer.id)})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_customer")
    assert await sales.traces() == before


async def test_a_change_is_on_the_timeline_and_only_amount_and_day_are_updates(sales: Sales) -> None:
    earlier = NOW - timedelta(days=9)
    deal = await make_opportunity(sales.house.session, sales.customer, last_activity_at=earlier)
    user, path = await sales.of(sales.house.zhang), f"{OPPORTUNITIES}/{deal.id}"
    named = await user.edit(path, {"need": "加急"}, 1)
    assert (named.status_code, named.json()["is_flagged"], named.headers["ETag"]) == (200, True, '"v2"')
    paid = (await user.edit(path, {"expected_amount": "500.00"}, 2)).json()
    assert (paid["is_flagged"], paid["expected_amount"], paid["version"]) == (False, "500.00", 3)
    entries = (await user.get(f"{path}/timeline")).json()["items"]
    changes = [entry["body"]["changes"] for entry in entries]
    assert {"expected_amount": {"old": None, "new": "500.00"}} in changes
    assert {"need": {"old": None, "new": "加急"}} in changes
    same = await user.edit(path, {"expected_amount": "500.00"}, 3)
    assert same.json()["version"] == 3, "nothing changed"
    assert (await user.edit(path, {"need": "不急"}, 2)).status_code == 412


async def test_a_change_refuses_what_no_deal_can_be(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer)
    user, path = await sales.of(sales.house.zhang), f"{OPPORTUNITIES}/{deal.id}"
    before = await sales.traces()
    for body, pointer in (
        ({"name": ""}, "#/name"),
        ({"next_step_at": "2026-03-01T09:00:00+08:00"}, "#/next_step_at"),
        ({"contact_id": str(uuid4())}, "#/contact_id"),
    ):
        refused = await user.edit(path, body, 1)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await sales.traces() == before


async def test_a_follow_up_clears_the_red_flag_of_the_deal_and_stirs_its_customer(sales: Sales) -> None:
    earlier = NOW - timedelta(days=8)
    deal = await make_opportunity(sales.house.session, sales.customer, last_activity_at=earlier)
    user = await sales.of(sales.house.zhang)
    assert [card["is_flagged"] for card in (await user.get(OPPORTUNITIES)).json()["items"]] == [True]
    step = {**CALL, "next_step": "寄样件", "next_step_at": "2026-03-12T09:00:00+08:00"}
    assert (await user.post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", step)).status_code == 201
    card = (await user.get(OPPORTUNITIES)).json()["items"][0]
    assert (card["is_flagged"], card["next_step"], card["next_step_at"]) == (False, "寄样件", "2026-03-12T01:00:00Z")
    trail = (await user.get(f"/api/v1/customers/{sales.customer.id}/timeline")).json()["items"]
    assert [entry["kind"] for entry in trail] == ["call"], "the customer's page has every trace"


async def test_of_a_customer_one_sees_the_deals_that_one_may_see(sales: Sales) -> None:
    session = sales.house.session
    await make_opportunity(session, sales.customer, name="旧", state="lost", loss_reason="price", closed_at=NOW)
    await make_opportunity(session, sales.customer, name="新")
    path = f"/api/v1/customers/{sales.customer.id}/opportunities"
    assert [one["name"] for one in (await (await sales.of(sales.house.zhang)).get(path)).json()["items"]] == ["新", "旧"]
    assert (await (await sales.of(sales.house.huang)).get(path)).status_code == 404
    assert (await (await sales.of(sales.house.marketing)).get(path)).json()["items"] == [], "customers, without amounts"


async def test_lists_filter_sort_search_and_page(sales: Sales) -> None:
    session, house = sales.house.session, sales.house
    other = await make_customer(session, owner=house.li, name="无锡远航电器有限公司")
    made = {
        "甲": await make_opportunity(session, sales.customer, name="甲", expected_amount=Decimal(300), expected_close_on=NOW.date()),
        "乙": await make_opportunity(session, sales.customer, "needs", name="乙", expected_amount=Decimal(100), source="exhibition"),
        "丙": await make_opportunity(session, other, name="丙", product_line="弹簧", last_activity_at=NOW - timedelta(days=7)),
    }

    async def names(who: Any, **params: Any) -> list[str]:
        answer = await (await sales.of(who)).get(OPPORTUNITIES, **params)
        assert answer.status_code == 200, answer.text
        return [one["name"] for one in answer.json()["items"]]

    assert set(await names(house.zhang)) == {"甲", "乙"}
    assert set(await names(house.manager, scope="region")) == {"甲", "乙", "丙"}
    assert await names(house.manager, scope="region", sort="-amount") == ["甲", "乙", "丙"]
    assert (await names(house.manager, scope="region", sort="close"))[0] == "甲"
    assert await names(house.manager, scope="region", source="exhibition") == ["乙"]
    assert await names(house.manager, scope="region", product_line="弹簧") == ["丙"]
    assert await names(house.manager, scope="region", is_flagged=True) == ["丙"]
    assert await names(house.manager, scope="region", q="yhdq") == ["丙"]
    assert await names(house.manager, scope="region", q="恒达", amount_from="200") == ["甲"]
    assert await names(house.manager, scope="region", stage=str(made["乙"].stage_id)) == ["乙"]
    assert await names(house.manager, scope="region", closes_before="2026-03-11") == ["甲"]
    counted = await (await sales.of(house.manager)).get("/api/v1/opportunity-count", scope="region", state="open")
    assert counted.json() == {"count": 3, "is_more": False}
    desk, seen = await sales.of(house.manager), []
    cursor: str | None = None
    for _ in range(3):
        params = {"scope": "region", "sort": "close", "limit": 1, **({"cursor": cursor} if cursor else {})}
        page = (await desk.get(OPPORTUNITIES, **params)).json()
        seen += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (seen[0], sorted(seen), cursor) == ("甲", ["丙", "乙", "甲"], None)


async def test_the_board_counts_and_weighs_what_one_may_see(sales: Sales) -> None:
    session, house = sales.house.session, sales.house
    for amount, stage in ((1000, "negotiation"), (500, "negotiation"), (200, "first_contact")):
        await make_opportunity(session, sales.customer, stage, expected_amount=Decimal(amount))
    await make_opportunity(session, sales.customer, "negotiation", expected_amount=Decimal(90), currency="USD")
    won = {"state": "won", "closed_at": NOW - timedelta(days=29)}
    await make_opportunity(session, sales.customer, "closed", expected_amount=Decimal(70), **won)
    await make_opportunity(session, sales.customer, "closed", **won | {"closed_at": NOW - timedelta(days=31)})
    await make_opportunity(session, await make_customer(session, owner=house.li), "negotiation", expected_amount=Decimal(8))
    board = (await (await sales.of(house.zhang)).get(BOARD)).json()
    columns = {column["stage"]["key"]: column for column in board["columns"]}
    assert list(columns) == ["first_contact", "needs", "proposal", "negotiation", "closed"]
    assert {key: (column["count"], len(column["cards"])) for key, column in columns.items()} == {
        "first_contact": (1, 1), "needs": (0, 0), "proposal": (0, 0), "negotiation": (3, 3), "closed": (1, 1),
    }  # fmt: skip
    assert columns["negotiation"]["sums"] == [
        {"currency": "CNY", "count": 2, "amount": "1500.00", "weighted": "750.00"},
        {"currency": "USD", "count": 1, "amount": "90.00", "weighted": "45.00"},
    ]
    assert columns["closed"]["sums"][0]["weighted"] == "70.00"
    region = (await (await sales.of(house.manager)).get(BOARD, scope="region")).json()
    assert {column["stage"]["key"]: column["count"] for column in region["columns"]}["negotiation"] == 4
    narrowed = (await (await sales.of(house.manager)).get(BOARD, scope="region", owner=str(house.li.id))).json()
    assert [column["count"] for column in narrowed["columns"]] == [0, 0, 0, 1, 0]
    found = (await (await sales.of(house.manager)).get(BOARD, scope="region", q="恒达机械")).json()
    assert [column["count"] for column in found["columns"]] == [1, 0, 0, 3, 1]
    assert (await (await sales.of(house.zhang)).get(BOARD, scope="company")).status_code == 403
    assert (await (await sales.of(house.zhang)).get(BOARD, pipeline=str(uuid4()))).status_code == 404


async def test_an_opportunity_is_found_by_the_new_name_of_its_customer(sales: Sales) -> None:
    await make_opportunity(sales.house.session, sales.customer, name="支架")
    request = await (await sales.of(sales.house.zhang)).edit(
        f"/api/v1/customers/{sales.customer.id}", {"name": "苏州鼎盛机械有限公司", "reason": "更名"}, sales.customer.version
    )
    await (await sales.of(sales.house.manager)).post(
        f"/api/v1/change-requests/{request.json()['change_request']['id']}/decision", {"verdict": "approve", "comment": "属实"}
    )
    await sales.house.relay()
    found = await (await sales.of(sales.house.zhang)).get(OPPORTUNITIES, q="鼎盛")
    assert [one["name"] for one in found.json()["items"]] == ["支架"]


LEAD = {
    "company": "苏州海达机械有限公司",
    "contact_name": "陈工",
    "phone": "13812345678",
    "product_line": "弹簧",
    "need": "线径两毫米",
    "expected_amount": Decimal(66000),
}


async def test_a_lead_becomes_customer_contact_and_deal_in_one_step_and_twice_makes_no_second(sales: Sales) -> None:
    house = sales.house
    lead = await house.owned(house.zhang, **LEAD)
    user, path = await sales.of(house.zhang), f"/api/v1/leads/{lead.id}/conversion"
    for _ in range(2):
        converted = await user.post(path, {"opportunity": {"expected_close_on": "2026-05-01"}})
        assert converted.status_code == 200, converted.text
    (deal,) = (await house.session.scalars(select(Opportunity))).all()
    shown = (await user.get(f"{OPPORTUNITIES}/{deal.id}")).json()
    assert (shown["customer"]["name"], shown["contact"]["name"], shown["lead_id"]) == (LEAD["company"], "陈工", str(lead.id))
    assert (shown["name"], shown["expected_amount"], shown["product_line"], shown["need"], shown["source"]) == (
        "苏州海达机械有限公司 弹簧", "66000.00", "弹簧", "线径两毫米", "website",
    )  # fmt: skip
    assert (await user.get(f"{OPPORTUNITIES}/{deal.id}/timeline")).json()["items"][-1]["kind"] in {"lead.converted", "opportunity.created"}


async def test_a_deal_that_cannot_be_made_converts_nothing(sales: Sales) -> None:
    house = sales.house
    lead = await house.owned(house.zhang, **LEAD)
    before = await sales.traces()
    refused = await (await sales.of(house.zhang)).post(
        f"/api/v1/leads/{lead.id}/conversion", {"opportunity": {"pipeline_id": str(uuid4())}}
    )
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/opportunity/pipeline_id"]
    assert (await house.lead(lead.id)).state == "assigned"
    assert await house.session.scalar(select(func.count()).select_from(Customer)) == 1
    assert await sales.traces() == before


async def test_the_backup_works_with_it_like_the_owner(sales: Sales) -> None:
    house = sales.house
    customer = await make_customer(house.session, owner=house.zhang, backup_owner_id=house.li.id)
    deal = await make_opportunity(house.session, customer)
    assert (await (await sales.of(house.li)).post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", CALL)).status_code == 201
    assert [one["id"] for one in (await (await sales.of(house.li)).get(OPPORTUNITIES)).json()["items"]] == [str(deal.id)]
    stranger = await make_person(house.session, region=house.south)
    assert (await (await sales.of(stranger)).post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", CALL)).status_code == 404
