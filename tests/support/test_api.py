"""FLOW-9: asking, answering within two working days, missing it, and what the ledger says of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.core.db import Lens, bind
from backend.identity.models import Person
from tests.conftest import NOW
from tests.factories import make_leave, make_person
from tests.support.conftest import NEED, SUPPORT, Department

REMINDER, DUE = datetime(2026, 3, 11, 9, 30, tzinfo=UTC), datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
PROPOSAL = {"answer": "可行：三次拉深，单套模具约 6 万元，附排样图"}
PERFORMANCE, TODAY = "/api/v1/support-performance", "/api/v1/today"


async def test_a_request_goes_to_the_least_loaded_engineer_who_reads_what_the_work_needs_and_no_more(department: Department) -> None:
    sales = department.sales
    first, second = await department.asked(), await department.asked()
    assert {first["engineer"]["name"], second["engineer"]["name"]} == {"吴建华", "钱工"}
    assert (first["number"][:2], first["state"], first["due_at"], first["chosen"]) == ("JZ", "asked", "2026-03-12T09:30:00Z", "least_load")
    engineer = department.wu if first["engineer"]["name"] == "吴建华" else department.qian
    seen = (await (await sales.of(engineer)).get(f"{SUPPORT}/{first['id']}")).json()
    assert (seen["opportunity"]["name"], seen["customer"]["name"], seen["can_open"]) == ("拉深件", "苏州恒达机械有限公司", False)
    assert seen["facts"] == {"product_line": None, "need": "月供两万件", "expected_close_on": None, "owner": "张磊"}
    assert "88000" not in str(seen)
    assert (await (await sales.of(engineer)).get(f"/api/v1/opportunities/{department.deal.id}")).status_code == 404
    assert (await (await sales.of(engineer)).get(f"{SUPPORT}/{second['id']}")).status_code == 404, "what a colleague was asked"
    assert await sales.house.told(engineer) == ["support.asked"]
    assert await department.history() == ["support.asked", "support.asked"]
    today = (await (await sales.of(engineer)).get(TODAY)).json()
    assert [(one["kind"], one["support_request"]["id"], one["due_at"]) for one in today["items"]] == [
        ("support", first["id"], first["due_at"])
    ]
    assert today["counts"]["support"] == 1
    assert [one["id"] for one in (await (await sales.of(engineer)).get(SUPPORT)).json()["items"]] == [first["id"]]
    card = (await (await sales.of(sales.house.manager)).get(f"/api/v1/opportunities/{department.deal.id}/support-requests")).json()["items"]
    assert {one["id"] for one in card} == {first["id"], second["id"]}


async def test_a_proposal_in_time_stops_the_clock_and_is_kept_in_the_ledger(department: Department) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    denied = await department.do(house.zhang, asked["id"], "answer", PROPOSAL)
    assert (denied.status_code, denied.json()["code"]) == (403, "not_your_support")
    answered = await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    assert (answered.status_code, answered.json()["state"], answered.json()["rounds"][0]["answer"]) == (200, "answered", PROPOSAL["answer"])
    again = await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    assert (again.status_code, again.json()["code"]) == (409, "support_state_forbids")
    assert await house.fire(DUE + timedelta(days=1)) == 0
    assert await department.ledger() == [("吴建华", 1, "kept", None)]
    assert await house.told(house.zhang) == ["support.answered"]
    assert await department.history() == ["support.asked", "support.answered"]
    read = text("select body ->> 'answer' from timeline_entry where kind = 'support.answered'")
    assert await house.session.scalar(read) == PROPOSAL["answer"]
    accepted = await department.do(house.manager, asked["id"], "acceptance", {"note": "按这个报"})
    assert (accepted.json()["state"], accepted.json()["closing_note"], accepted.json()["actions"]) == ("accepted", "按这个报", [])
    assert (await house.told(department.wu))[-1] == "support.accepted"


async def test_a_miss_is_told_before_and_after_and_goes_to_the_ledger_with_how_late_it_came(department: Department, at: Any) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    assert await house.fire(REMINDER) == 1
    assert await house.told(department.wu) == ["support.asked", "support.reminder"]
    assert await house.fire(DUE) == 1
    assert await department.ledger() == [("吴建华", 1, "missed", None)]
    assert [(await house.told(one))[-1] for one in (department.wu, department.head, house.zhang)] == ["support.missed"] * 3
    assert await house.told(department.qian) == []
    assert (await department.history())[-1] == "support.missed"
    at(DUE + timedelta(hours=17, minutes=30))
    assert (await department.do(department.wu, asked["id"], "answer", PROPOSAL)).status_code == 200
    assert await department.ledger() == [("吴建华", 1, "missed", None), ("吴建华", 1, "late", 150)], "Friday 11:00, two and a half hours"
    own = (await (await department.sales.of(department.wu)).get(PERFORMANCE)).json()
    month = {"month": "2026-03", "kept": 0, "missed": 1, "hit_rate": 0.0, "late_minutes": 150}
    assert [(one["engineer"]["name"], one["months"]) for one in own["engineers"]] == [("吴建华", [month])]
    assert [(one["number"], one["late_minutes"]) for one in own["misses"]] == [(asked["number"], 150)]
    above = (await (await department.sales.of(department.head)).get(PERFORMANCE)).json()
    assert {one["engineer"]["name"]: one["months"] for one in above["engineers"]} == {"吴建华": [month], "钱工": []}
    assert (await (await department.sales.of(department.qian)).get(PERFORMANCE)).json()["misses"] == []


async def test_an_answer_after_the_promise_but_before_the_sweep_is_a_miss_all_the_same(department: Department, at: Any) -> None:
    asked = await department.asked(engineer_id=str(department.wu.id))
    at(DUE + timedelta(seconds=30))
    await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    assert await department.ledger() == [("吴建华", 1, "missed", None), ("吴建华", 1, "late", 0)]


async def test_asked_again_has_a_promise_of_its_own_and_earlier_rounds_stay(department: Department, at: Any) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    at(NOW + timedelta(days=1))
    again = (await department.do(house.zhang, asked["id"], "rounds", {"need": "换成 1.0 mm 呢？"})).json()
    assert (again["state"], again["round"], again["due_at"]) == ("asked", 2, "2026-03-13T09:30:00Z")
    assert [(one["need"], one["answer"]) for one in again["rounds"]] == [(NEED, PROPOSAL["answer"]), ("换成 1.0 mm 呢？", None)]
    assert (await house.told(department.wu))[-1] == "support.asked_again"
    await department.do(department.wu, asked["id"], "answer", {"answer": "两次拉深即可"})
    assert await department.ledger() == [("吴建华", 1, "kept", None), ("吴建华", 2, "kept", None)]


async def test_a_withdrawn_request_is_nobodys_miss(department: Department) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    gone = await department.do(house.zhang, asked["id"], "withdrawal", {"note": "客户改用现货"})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert await house.fire(DUE + timedelta(days=9)) == 0
    assert await department.ledger() == []
    assert (await house.told(department.wu))[-1] == "support.withdrawn"


async def test_who_is_away_is_stood_in_for_and_a_superior_hands_a_request_over(department: Department) -> None:
    house = department.sales.house
    await make_leave(house.session, department.wu)
    await department.deputy(department.wu, department.qian)
    asked = await department.asked(engineer_id=str(department.wu.id))
    assert (asked["engineer"]["name"], asked["chosen"]) == ("钱工", "deputy")
    third = await make_person(house.session, "engineer", name="冯工")
    handed = await department.do(department.head, asked["id"], "handover", {"engineer_id": str(third.id)})
    assert (handed.status_code, handed.json()["engineer"]["name"], handed.json()["due_at"]) == (200, "冯工", asked["due_at"])
    assert (await house.told(third)) == ["support.handed_over"]
    await house.fire(DUE)
    assert await department.ledger() == [("冯工", 1, "missed", None)]
    for wrong in (third.id, house.zhang.id):
        refused = await department.do(third, asked["id"], "handover", {"engineer_id": str(wrong)})
        assert refused.status_code == 422


@pytest.mark.parametrize("is_swept", [True, False])
async def test_a_promise_that_passed_is_the_miss_of_who_held_it_then(department: Department, at: Any, is_swept: bool) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    if is_swept:
        await house.fire(DUE)
    at(DUE + timedelta(minutes=1))
    handed = await department.do(department.head, asked["id"], "handover", {"engineer_id": str(department.qian.id)})
    assert handed.json()["engineer"]["name"] == "钱工"
    third = await make_person(house.session, "engineer", name="冯工")
    assert (await department.do(department.qian, asked["id"], "handover", {"engineer_id": str(third.id)})).status_code == 200
    await house.fire(DUE + timedelta(minutes=2))
    assert await department.ledger() == [("吴建华", 1, "missed", None)]
    assert (await house.told(department.wu))[-1] == (await house.told(department.head))[-1] == "support.missed"
    at(DUE + timedelta(hours=17, minutes=30))
    assert (await department.do(third, asked["id"], "answer", PROPOSAL)).status_code == 200
    assert await department.ledger() == [("吴建华", 1, "missed", None), ("吴建华", 1, "late", 150)]
    assert (await department.do(house.zhang, asked["id"], "rounds", {"need": "换成 1.0 mm 呢？"})).json()["engineer"]["name"] == "冯工"
    await house.fire(DUE + timedelta(days=9))
    assert (await department.ledger())[2:] == [("冯工", 2, "missed", None)], "a new promise is of who then has the request"


async def test_nothing_is_handed_to_who_is_away_or_has_left(department: Department) -> None:
    house, asked = department.sales.house, await department.asked(engineer_id=str(department.wu.id))
    await make_leave(house.session, department.qian)
    left = await make_person(house.session, "engineer", name="冯工", access_ends_at=NOW - timedelta(days=1))
    before = await department.traces()
    for whom, code in ((department.qian, "on_leave"), (left, "unknown")):
        refused = await department.do(department.head, asked["id"], "handover", {"engineer_id": str(whom.id)})
        assert refused.status_code == 422
        assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("#/engineer_id", code)]
    assert await department.traces() == before


@pytest.mark.plants_writes
async def test_only_who_may_ask_opens_a_round_whatever_way_it_is_written(department: Department) -> None:
    session = department.sales.house.session
    asked = await department.asked(engineer_id=str(department.wu.id))
    await session.execute(text("update support_request set round = 2"))
    written = (
        "insert into support_round (id, request_id, number, need, asked_by, asked_at) values (gen_random_uuid(), :id, 2, 'x', :by, now())"
    )

    async def write(person: Person) -> None:
        await bind(session, Lens.PERSON, str(person.id))
        async with session.begin_nested():
            await session.execute(text(written), {"id": asked["id"], "by": person.id})

    for stranger in (department.wu, department.head, department.sales.house.admin):
        with pytest.raises(DBAPIError, match="row-level security"):
            await write(stranger)
    await write(department.sales.house.manager)


async def test_what_nobody_may_ask_leaves_no_trace(department: Department) -> None:
    house, before = department.sales.house, await department.traces()
    customer = {"customer_id": str(department.sales.customer.id)}
    for who, body, status, code in (
        (house.admin, {}, 403, "not_your_record"),
        (house.huang, {}, 404, "not_found"),
        (department.wu, {}, 403, "permission_missing"),
        (house.zhang, {"engineer_id": str(house.li.id)}, 422, "invalid_input"),
        (house.zhang, {"need": " "}, 422, "invalid_input"),
        (house.zhang, customer | {"opportunity_id": str(department.deal.id)}, 422, "invalid_input"),
        (house.admin, customer, 403, "not_your_record"),
    ):
        refused = await department.ask(who, **body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    await house.session.execute(text("update person_role set is_active = false where role_code = 'engineer'"))
    nobody = await department.ask()
    assert (nobody.status_code, nobody.json()["code"]) == (409, "no_engineer")
    assert await department.traces() == before


async def test_a_customer_without_a_deal_can_need_support_too(department: Department) -> None:
    house = department.sales.house
    asked = await department.asked(customer_id=str(department.sales.customer.id), engineer_id=str(department.wu.id))
    assert (asked["opportunity"], asked["customer"]["name"], asked["can_open"]) == (None, "苏州恒达机械有限公司", True)
    await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    assert await house.history(department.sales.customer.id) == ["support.asked", "support.answered"]
    listed = await (await department.sales.of(house.zhang)).get(f"/api/v1/customers/{department.sales.customer.id}/support-requests")
    assert [one["id"] for one in listed.json()["items"]] == [asked["id"]]
    marketing = await (await department.sales.of(house.marketing)).get(f"{SUPPORT}/{asked['id']}")
    assert marketing.status_code == 404, "marketing sees the customer, not the deals with it"


async def test_nobody_writes_the_ledger_or_an_answered_round(department: Department) -> None:
    session = department.sales.house.session
    asked = await department.asked(engineer_id=str(department.wu.id))
    await department.do(department.wu, asked["id"], "answer", PROPOSAL)
    for lens, actor, statement in (
        (Lens.PERSON, department.wu, "update support_record set kind = 'kept'"),
        (Lens.PERSON, department.wu, "insert into support_record select * from support_record"),
        (Lens.SYSTEM, department.wu, "update support_record set late_minutes = null"),
        (Lens.PERSON, department.wu, "update support_round set answer = 'x', answered_at = now()"),
        (Lens.SYSTEM, department.wu, "delete from support_record"),
    ):
        await bind(session, lens, str(actor.id))
        with pytest.raises(DBAPIError):
            async with session.begin_nested():
                await session.execute(text(statement))
