"""FLOW-6: what people log over HTTP: visits that count, chats, notes, corrections, and a customer's whole timeline."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from backend.deadlines.rules import FIRST_CONTACT
from tests.conftest import NOW
from tests.factories import make_contact, make_customer, make_lead, make_opportunity
from tests.opportunities.conftest import CALL, OPPORTUNITIES, Sales

CUSTOMERS, LEADS = "/api/v1/customers", "/api/v1/leads"
VISIT = {
    "kind": "visit", "outcome": "interested", "place": "客户公司", "note": "看了样件，月供一万件", "next_step": "发报价",
    "next_step_at": "2026-03-12T09:00:00+08:00",
}  # fmt: skip


async def post(sales: Sales, path: str, body: dict[str, Any], who: Any = None) -> Any:
    return await (await sales.of(who or sales.house.zhang)).post(path, body)


async def test_a_visit_counts_when_every_part_is_there(sales: Sales) -> None:
    session = sales.house.session
    chief, desk = (
        await make_contact(session, sales.customer, role="decider"),
        await make_contact(session, sales.customer, role="gatekeeper"),
    )
    deal = await make_opportunity(session, sales.customer, "needs")
    path, yesterday = f"{OPPORTUNITIES}/{deal.id}", (NOW - timedelta(days=1)).isoformat()
    whole = (await post(sales, f"{path}/follow-ups", {**VISIT, "at": yesterday, "contacts": [str(chief.id), str(desk.id)]})).json()
    assert (whole["is_effective"], whole["is_deep"], whole["at"], whole["recorded_at"]) == (
        True,
        True,
        "2026-03-09T02:00:00Z",
        "2026-03-10T02:00:00Z",
    )
    assert [(one["name"], one["is_in_chain"]) for one in whole["body"]["people"]] == [(chief.name, True), (desk.name, False)]
    for lacking in (
        {"contacts": [str(desk.id)]},
        {"others": [{"name": "门卫", "is_in_chain": False}]},
        {"place": "", "contacts": [str(chief.id)]},
    ):
        shown = (await post(sales, f"{path}/follow-ups", {**VISIT, **lacking})).json()
        assert (shown["is_effective"], shown["is_deep"]) == (False, False)
    said = (await post(sales, f"{path}/follow-ups", {**VISIT, "others": [{"name": "林董", "is_in_chain": True}]})).json()
    assert (said["is_effective"], said["body"]["people"][0]["id"]) == (True, None)


async def test_a_contact_of_somebody_else_and_a_moment_out_of_bounds_are_refused(sales: Sales) -> None:
    session = sales.house.session
    stranger = await make_contact(session, await make_customer(session, owner=sales.house.li))
    lead = await make_lead(session, owner=sales.house.zhang)
    path, before = f"{CUSTOMERS}/{sales.customer.id}/follow-ups", await sales.traces()
    for where, change, pointer, code in (
        (path, {"contacts": [str(stranger.id)]}, "#/contacts", "unknown"),
        (path, {"at": (NOW + timedelta(hours=1)).isoformat()}, "#/at", "in_the_future"),
        (path, {"at": (NOW - timedelta(days=31)).isoformat()}, "#/at", "too_long_ago"),
        (path, {"corrects": str(uuid4())}, "#/corrects", "unknown"),
        (path, {"direction": "in"}, "#/direction", "extra_forbidden"),
        (f"{LEADS}/{lead.id}/follow-ups", {"contacts": [str(stranger.id)]}, "#/contacts", "unknown"),
    ):
        refused = await post(sales, where, {**VISIT, **change})
        assert (refused.status_code, [(one["pointer"], one["code"]) for one in refused.json()["errors"]]) == (422, [(pointer, code)])
    assert await sales.traces() == before


async def test_what_happened_earlier_moves_no_clock_further_than_to_its_moment(sales: Sales) -> None:
    long_ago = NOW - timedelta(days=20)
    deal = await make_opportunity(sales.house.session, sales.customer, last_activity_at=long_ago)
    path = f"{OPPORTUNITIES}/{deal.id}"
    assert (await post(sales, f"{path}/follow-ups", {**CALL, "at": (NOW - timedelta(days=9)).isoformat()})).status_code == 201
    assert (await (await sales.of(sales.house.zhang)).get(path)).json()["is_flagged"] is True
    assert (await post(sales, f"{path}/follow-ups", {**CALL, "at": (NOW - timedelta(days=6)).isoformat()})).status_code == 201
    assert (await (await sales.of(sales.house.zhang)).get(path)).json()["is_flagged"] is False
    assert (await post(sales, f"{path}/follow-ups", {**CALL, "at": (NOW - timedelta(days=12)).isoformat()})).status_code == 201
    assert (await sales.deal(deal.id)).last_activity_at == NOW - timedelta(days=6)


async def test_a_correction_stands_for_its_entry_once_and_only_its_author_makes_it(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer)
    path = f"{OPPORTUNITIES}/{deal.id}"
    first = (await post(sales, f"{path}/follow-ups", {**VISIT, "others": [{"name": "林董", "is_in_chain": True}]})).json()
    right = {**VISIT, "note": "月供两万件", "others": [], "corrects": first["id"]}
    denied = await post(sales, f"{path}/follow-ups", right, sales.house.manager)
    assert (denied.status_code, denied.json()["code"]) == (403, "not_your_entry")
    made = (await post(sales, f"{path}/follow-ups", right)).json()
    assert (made["corrects"], made["at"], made["is_effective"]) == (first["id"], first["at"], False)
    again = await post(sales, f"{path}/follow-ups", right)
    assert (again.status_code, again.json()["code"], again.json()["params"]["entry"]) == (409, "already_corrected", made["id"])
    shown = {one["id"]: one for one in (await (await sales.of(sales.house.zhang)).get(f"{path}/timeline")).json()["items"]}
    assert (shown[first["id"]]["corrected_by"], shown[made["id"]]["corrected_by"]) == (made["id"], None)
    note = (await post(sales, f"{path}/notes", {"note": "记一下"})).json()
    assert (await post(sales, f"{path}/follow-ups", {**right, "corrects": note["id"]})).status_code == 422, "a note is no follow-up"
    assert (await post(sales, f"{path}/notes", {"note": "更正", "corrects": note["id"]})).json()["corrects"] == note["id"]


async def test_a_correction_leaves_a_newer_next_step_alone(sales: Sales) -> None:
    deal = await make_opportunity(sales.house.session, sales.customer)
    path = f"{OPPORTUNITIES}/{deal.id}/follow-ups"
    first = (await post(sales, path, VISIT)).json()
    await post(sales, path, {**CALL, "next_step": "寄样件", "next_step_at": "2026-03-13T09:00:00+08:00"})
    second = (await post(sales, path, {**VISIT, "note": "两万件", "corrects": first["id"]})).json()
    assert (await sales.deal(deal.id)).next_step == "寄样件"
    await post(sales, path, {**VISIT, "next_step": "改约周五", "corrects": second["id"]})
    assert (await sales.deal(deal.id)).next_step == "改约周五"


async def test_a_condition_counts_effective_visits_as_they_are_after_corrections(sales: Sales) -> None:
    session = sales.house.session
    await session.execute(
        text("update pipeline_stage set exit = cast(:asked as jsonb) where key = 'needs'"),
        {
            "asked": '[{"kind": "effective_visit", "times": 1, "counted": "ever"}, {"kind": "activity_logged", "activity": "visit", "times": 2}]'
        },
    )
    deal = await make_opportunity(session, sales.customer, "needs")
    path, chief = f"{OPPORTUNITIES}/{deal.id}", [{"name": "林董", "is_in_chain": True}]

    async def lacks() -> list[str]:
        ways = (await (await sales.of(sales.house.zhang)).get(path)).json()["ways"]
        return [one["condition"]["kind"] for way in ways if way["stage"]["key"] == "proposal" for one in way["missing"]]

    assert await lacks() == ["effective_visit", "activity_logged"]
    visit = (await post(sales, f"{path}/follow-ups", {**VISIT, "others": chief})).json()
    assert await lacks() == ["activity_logged"]
    await post(sales, f"{path}/follow-ups", {**VISIT, "place": "", "others": chief, "corrects": visit["id"]})
    assert await lacks() == ["effective_visit", "activity_logged"], "the correction counts, and only once"


async def test_a_note_is_no_follow_up(sales: Sales) -> None:
    session, rep = sales.house.session, sales.house.zhang
    lead = await make_lead(session, owner=rep)
    old = NOW - timedelta(days=8)
    deal = await make_opportunity(session, sales.customer, last_activity_at=old, next_step="等回复")
    for path in (f"{LEADS}/{lead.id}", f"{OPPORTUNITIES}/{deal.id}", f"{CUSTOMERS}/{sales.customer.id}"):
        made = await post(sales, f"{path}/notes", {"note": "老板姓林"})
        assert (made.status_code, made.json()["kind"], made.json()["outcome"], made.json()["is_deep"]) == (201, "note", None, None)
    await session.refresh(lead)
    assert (lead.state, lead.first_follow_up_at) == ("assigned", None)
    now = await sales.deal(deal.id)
    assert (now.last_activity_at, now.next_step) == (old, "等回复")


async def test_a_corrected_call_stops_the_first_contact_of_a_lead_once(sales: Sales) -> None:
    lead = await make_lead(sales.house.session, owner=sales.house.zhang)
    path = f"{LEADS}/{lead.id}/follow-ups"
    call = (await post(sales, path, {**CALL, "direction": "out", "duration_minutes": 16})).json()
    assert (call["is_deep"], call["body"]["direction"]) == (True, "out")
    corrected = await post(sales, path, {**CALL, "direction": "in", "duration_minutes": 6, "corrects": call["id"]})
    assert (corrected.status_code, corrected.json()["is_deep"]) == (201, False)
    await sales.house.session.refresh(lead)
    assert (lead.state, lead.last_follow_up_at) == ("following", NOW)
    stopped = await sales.house.session.scalar(
        text("select count(*) from deadline where subject_id = :id and kind = :kind and state = 'pending'"),
        {"id": lead.id, "kind": FIRST_CONTACT},
    )
    assert stopped == 0


async def test_a_pasted_chat_is_kept_raw_and_read(sales: Sales) -> None:
    pasted = "王总 2026/3/9 15:20:11\n图纸看了 😀\n\n张磊 2026/3/9 15:21:40\n好的"
    user = await sales.of(sales.house.zhang)
    before = await sales.traces()
    preview = (await user.post("/api/v1/chat-previews", {"text": pasted})).json()
    assert (preview["speakers"], [one["text"] for one in preview["messages"]]) == (["王总", "张磊"], ["图纸看了 😀", "好的"])
    assert await sales.traces() == before
    body = {"kind": "message", "outcome": "interested", "chat": pasted, "mine": "张磊"}
    kept = (await user.post(f"{CUSTOMERS}/{sales.customer.id}/follow-ups", body)).json()["body"]["chat"]
    assert (kept["raw"], kept["mine"], kept["messages"]) == (pasted, "张磊", preview["messages"] and kept["messages"])
    assert [(one["who"], one["text"]) for one in kept["messages"]] == [("王总", "图纸看了 😀"), ("张磊", "好的")]
    refused = await user.post("/api/v1/chat-previews", {"text": "a\0b"})
    assert refused.status_code == 422


async def test_a_customers_timeline_has_all_of_it_in_pages_with_what_each_belongs_to(sales: Sales) -> None:
    session, rep = sales.house.session, sales.house.zhang
    lead = await make_lead(session, owner=rep, customer_id=sales.customer.id, state="converted", company="恒达")
    deals = [await make_opportunity(session, sales.customer, name=f"支架{number}") for number in range(3)]
    subjects = [("customer", sales.customer.id), ("lead", lead.id), *(("opportunity", deal.id) for deal in deals)]
    await session.execute(
        text(
            "insert into timeline_entry (id, subject_type, subject_id, kind, at, recorded_at, actor_id, body)"
            " select uuidv7(), t, s, case when n % 4 = 0 then 'visit' else 'call' end, cast(:now as timestamptz) - make_interval(mins => n / 2), :now, :me, '{}'"
            " from generate_series(1, 60) n cross join unnest(cast(:types as text[]), cast(:ids as uuid[])) as x(t, s)"
        ),
        {"now": NOW, "me": rep.id, "types": [kind for kind, _ in subjects], "ids": [key for _, key in subjects]},
    )
    user, path = await sales.of(rep), f"{CUSTOMERS}/{sales.customer.id}/timeline"
    seen: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    for _ in range(5):
        page = (await user.get(path, limit=70, **more)).json()
        seen += page["items"]
        more = {"cursor": page["next_cursor"]}
    assert page["next_cursor"] is None
    assert len({one["id"] for one in seen}) == len(seen) == 300
    assert [one["at"] for one in seen] == sorted((one["at"] for one in seen), reverse=True)
    assert {(one["of"] or {}).get("name") for one in seen} == {None, "恒达", "支架0", "支架1", "支架2"}
    assert {(one["of"] or {"number": "XX"})["number"][:2] for one in seen} == {"XX", "XS", "SJ"}
    visits = (await user.get(path, limit=200, kind="visit")).json()["items"]
    assert (len(visits), {one["kind"] for one in visits}) == (75, {"visit"})
    whole = (await user.get(path, limit=70)).json()["next_cursor"]
    assert (await user.get(path, limit=70, kind="visit", cursor=whole)).json()["code"] == "bad_cursor"


@pytest.mark.parametrize("path", [f"{CUSTOMERS}/{{customer}}/notes", f"{CUSTOMERS}/{{customer}}/follow-ups"])
async def test_who_only_sees_a_customer_logs_nothing(sales: Sales, path: str) -> None:
    before = await sales.traces()
    body = {"note": "x"} if path.endswith("notes") else VISIT
    denied = await post(sales, path.format(customer=sales.customer.id), body, sales.house.admin)
    assert denied.status_code == 403
    assert await sales.traces() == before
