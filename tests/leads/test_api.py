"""Leads over HTTP: scope, entry, follow-up, take-over, reassignment; and what is refused."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import func, select

from backend.audit.models import AuditEntry
from backend.deadlines.models import Deadline
from backend.leads.models import Lead, LeadAssignment
from backend.notifications.models import LiveEvent, Notification
from tests.conftest import NOW
from tests.factories import make_lead, make_person
from tests.leads.conftest import HOURS_48, HOURS_96, House
from tests.leads.desk import ANY, LEADS, traces

CALL = {"kind": "call", "outcome": "reached", "note": "确认规格，周三发图纸"}


async def ids(response: Response) -> set[UUID]:
    assert response.status_code == 200, response.text
    return {UUID(item["id"]) for item in response.json()["items"]}


async def test_who_sees_which_leads(house: House, desk: Any) -> None:
    mine = await house.owned(house.zhang)
    backed = await make_lead(house.session, owner=house.li, backup_owner_id=house.zhang.id)
    risen = await make_lead(house.session, owner=house.huang, escalated_to_id=house.zhang.id)
    others = await make_lead(house.session, owner=house.huang)
    pooled = await make_lead(house.session)
    everything = {mine.id, backed.id, risen.id, others.id, pooled.id}
    assert await ids(await (await desk(house.zhang)).get(LEADS)) == {mine.id, backed.id, risen.id}
    assert await ids(await (await desk(house.manager)).get(LEADS, scope="region")) == {mine.id, backed.id}
    assert await ids(await (await desk(house.director)).get(LEADS, scope="region")) == everything - {pooled.id}
    for person in (house.marketing, house.admin):
        assert await ids(await (await desk(person)).get(LEADS, scope="company")) == everything
    assert (await (await desk(house.zhang)).get(LEADS, scope="region")).status_code == 403


async def test_one_lead_obeys_the_same_reach(house: House, desk: Any) -> None:
    lead = await house.owned(house.zhang)
    engineer = await make_person(house.session, "engineer")
    outside = await make_person(house.session, name="直属主管")
    house.zhang.supervisor_id = outside.id
    await house.session.flush()
    for person, status in (
        (house.zhang, 200), (house.manager, 200), (house.director, 200), (house.marketing, 200), (house.admin, 200), (outside, 200),
        (house.li, 404), (house.huang, 404), (engineer, 404),
    ):  # fmt: skip
        user = await desk(person)
        for path in ("", "/timeline"):
            assert (await user.get(f"{LEADS}/{lead.id}{path}")).status_code == status, (person.name, path)


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("admin", 200), ("zhang", 403), ("marketing", 403), ("huang", 404)])
async def test_candidates_are_for_those_who_may_reassign(house: House, desk: Any, who: str, status: int) -> None:
    lead = await house.owned(house.zhang)
    answer = await (await desk(getattr(house, who))).get(f"{LEADS}/{lead.id}/candidates")
    assert answer.status_code == status, answer.text
    if status == 200:
        shown = {item["person"]["name"]: item["open_leads"] for item in answer.json()["items"]}
        assert shown.items() >= {"李婷": 0, "王海燕": 0}.items()
        assert "张磊" not in shown


async def test_pages_join_without_gap_or_repeat(house: House, desk: Any) -> None:
    leads = [await make_lead(house.session, owner=house.zhang, received_at=NOW - timedelta(minutes=age // 3)) for age in range(7)]
    user, seen, cursor = await desk(house.zhang), [], None
    while True:
        page = (await user.get(LEADS, limit=2, **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == {str(lead.id) for lead in leads}
    assert (await user.get(LEADS, cursor="rubbish")).status_code == 400
    only = await user.get(LEADS, state="following")
    assert only.json()["items"] == []


async def test_a_manual_entry_is_routed_like_a_lead_of_the_website(house: House, desk: Any) -> None:
    body = {
        "company": "苏州 精工五金有限公司", "contact_name": "王芳", "phone": "138-1234-5678", "province": "江苏省", "city": "苏州市",
        "product_line": "紧固件", "expected_amount": "50000.50",
    }  # fmt: skip
    created = await (await desk(house.marketing)).post(LEADS, body)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert (shown["state"], shown["owner"], shown["province"], shown["city"]) == ("new", None, "江苏", "苏州")
    assert (shown["expected_amount"], shown["currency"], shown["source"]) == ("50000.50", "CNY", "manual")
    assert shown["created_by"]["name"] == "林悦"
    lead = await house.lead(UUID(shown["id"]))
    assert (lead.company_key, lead.phone_key) == ("苏州精工五金", "+8613812345678")
    await house.relay()
    assert (await house.lead(lead.id)).owner_id in (house.zhang.id, house.li.id)
    assert await house.history(lead.id) == ["lead.received", "lead.assigned"]


async def test_a_rep_keeps_what_he_enters_for_himself(house: House, desk: Any) -> None:
    user = await desk(house.zhang)
    body = {"company": "展会客户", "wechat": "wangfang88", "province": "广东", "assign_to_me": True}
    created = await user.post(LEADS, body)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert shown["owner"]["name"] == "张磊"
    assert shown["assignment"]["reason"] == {"code": "owner_creates", "params": {"person": "张磊"}}
    assert shown["actions"] == ["log_follow_up", "disqualify", "convert"]
    assert shown["follow_up_due_at"] == "2026-03-12T02:00:00Z"
    await house.relay()
    assert (await house.lead(UUID(shown["id"]))).owner_id == house.zhang.id
    assert await house.session.scalar(select(func.count()).select_from(Deadline).where(Deadline.state == "pending")) == 3


async def test_the_author_sees_a_routed_lead_until_it_has_an_owner(house: House, desk: Any) -> None:
    user = await desk(house.huang)
    created = await user.post(LEADS, {"company": "苏州客户", "phone": "13812345678", "province": "江苏"})
    path = f"{LEADS}/{created.json()['id']}"
    assert (await user.get(path)).status_code == 200
    await house.relay()
    assert (await user.get(path)).status_code == 404


@pytest.mark.parametrize(("body", "pointers"), [
    ({"company": "甲"}, {"#/phone", "#/email", "#/wechat"}),
    ({"phone": "13812345678"}, {"#/company", "#/contact_name"}),
    ({"company": "甲", "phone": "123"}, {"#/phone"}),
    ({"company": "甲", "email": "nobody"}, {"#/email"}),
    ({"company": "甲", "phone": "13812345678", "expected_amount": "-1"}, {"#/expected_amount"}),
    ({"company": "甲", "phone": "13812345678", "shoe_size": 42}, {"#/shoe_size"}),
])  # fmt: skip
async def test_bad_entries_name_their_fields_and_leave_nothing(house: House, desk: Any, body: dict[str, Any], pointers: set[str]) -> None:
    before = await traces(house)
    refused = await (await desk(house.zhang)).post(LEADS, body)
    assert refused.status_code == 422, refused.text
    assert {error["pointer"] for error in refused.json()["errors"]} == pointers
    assert await traces(house) == before


async def test_who_may_not_enter_or_keep_leads(house: House, desk: Any) -> None:
    engineer = await make_person(house.session, "engineer")
    before = await traces(house)
    body = {"company": "甲", "phone": "13812345678"}
    assert (await (await desk(engineer)).post(LEADS, body)).status_code == 403
    assert (await (await desk(house.marketing)).post(LEADS, body | {"assign_to_me": True})).status_code == 422
    assert await traces(house) == before


async def test_the_same_key_makes_one_lead(house: House, desk: Any) -> None:
    user, body = await desk(house.zhang), {"company": "甲", "phone": "13812345678", "assign_to_me": True}
    answers = [await user.post(LEADS, body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await house.session.scalar(select(func.count()).select_from(Lead)) == 1


async def test_a_follow_up_stops_the_ladder_and_clears_the_escalation(house: House, desk: Any) -> None:
    lead = await house.owned(house.zhang)
    await house.fire(NOW + HOURS_48)
    logged = await (await desk(house.zhang)).post(f"{LEADS}/{lead.id}/follow-ups", CALL | {"next_step": "发报价", "duration_minutes": 12})
    assert logged.status_code == 201, logged.text
    entry = logged.json()
    assert (entry["kind"], entry["outcome"], entry["actor"]["name"]) == ("call", "reached", "张磊")
    assert entry["body"] == {"note": "确认规格，周三发图纸", "duration_minutes": 12, "next_step": "发报价"}
    await house.relay()
    unread = select(Notification.person_id).where(Notification.subject_id == lead.id, Notification.read_at.is_(None))
    assert set(await house.session.scalars(unread)) == {house.manager.id}
    done = await house.lead(lead.id)
    assert (done.state, done.escalated_to_id, done.escalation_level) == ("following", None, 0)
    assert (done.first_follow_up_at, done.last_follow_up_at, done.last_activity_at, done.next_step) == (NOW, NOW, NOW, "发报价")
    assert await house.shown(house.manager) == ["lead.changed", "lead.changed"]
    assert await house.fire(NOW + HOURS_96) == 0
    assert await house.told(house.director) == []
    states = set(await house.session.scalars(select(Deadline.state)))
    assert states == {"fired", "stopped"}
    timeline = await (await desk(house.manager)).get(f"{LEADS}/{lead.id}/timeline")
    assert [item["kind"] for item in timeline.json()["items"]] == ["lead.escalated", "call"]
    audited = select(func.count()).select_from(AuditEntry).where(AuditEntry.table_name == "lead", AuditEntry.actor == str(house.zhang.id))
    assert await house.session.scalar(audited) == 1


async def test_a_later_follow_up_keeps_the_first_moment(house: House, desk: Any) -> None:
    first = NOW - timedelta(days=1)
    lead = await make_lead(house.session, owner=house.zhang, state="following", first_follow_up_at=first, last_follow_up_at=first)
    assert (await (await desk(house.zhang)).post(f"{LEADS}/{lead.id}/follow-ups", CALL)).status_code == 201
    done = await house.lead(lead.id)
    assert (done.first_follow_up_at, done.last_follow_up_at) == (first, NOW)


@pytest.mark.parametrize(("who", "status"), [("marketing", 403), ("admin", 403), ("huang", 404), ("li", 404)])
async def test_others_cannot_log_for_the_owner(house: House, desk: Any, who: str, status: int) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    refused = await (await desk(getattr(house, who))).post(f"{LEADS}/{lead.id}/follow-ups", CALL)
    assert refused.status_code == status, refused.text
    assert await traces(house) == before


@pytest.mark.parametrize("body", [CALL | {"outcome": "opened"}, CALL | {"kind": "edit"}, {"kind": "call"}])
async def test_what_is_no_follow_up_is_refused(house: House, desk: Any, body: dict[str, Any]) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    assert (await (await desk(house.zhang)).post(f"{LEADS}/{lead.id}/follow-ups", body)).status_code == 422
    assert await traces(house) == before


async def test_a_closed_lead_and_one_without_an_owner_take_no_follow_up(house: House, desk: Any) -> None:
    closed = await make_lead(house.session, owner=house.zhang, state="disqualified")
    waiting = await make_lead(house.session, region=house.east)
    before = await traces(house)
    assert (await (await desk(house.zhang)).post(f"{LEADS}/{closed.id}/follow-ups", CALL)).status_code == 409
    assert (await (await desk(house.manager)).post(f"{LEADS}/{waiting.id}/follow-ups", CALL)).status_code == 409
    assert await traces(house) == before


def move_clock(client: AsyncClient, moment: datetime) -> None:
    from backend.core.clock import product_moment

    client.app.dependency_overrides[product_moment] = lambda: moment  # type: ignore[attr-defined]


async def test_take_over_makes_the_superior_the_owner_and_restarts_48_hours(house: House, desk: Any, client: AsyncClient) -> None:
    lead, later = await house.owned(house.zhang), NOW + HOURS_48
    await house.fire(later)
    move_clock(client, later)
    user = await desk(house.manager)
    [risen] = (await user.get("/api/v1/today")).json()["items"]
    assert (risen["kind"], risen["why"]["code"]) == ("escalation", "escalated_to_you")
    assert datetime.fromisoformat(risen["why"]["params"]["escalated_at"]) == later
    assert (await user.get(f"{LEADS}/{lead.id}")).json()["actions"] == [
        "log_follow_up",
        "take_over",
        "reassign",
        "merge",
        "disqualify",
        "convert",
    ]
    taken = await user.post(f"{LEADS}/{lead.id}/take-over", {"reason": "客户催得急"}, **ANY)
    assert taken.status_code == 200, taken.text
    shown = taken.json()
    assert (shown["owner"]["name"], shown["state"], shown["escalation_level"]) == ("王海燕", "assigned", 0)
    assert shown["assignment"]["reason"]["code"] == "taken_over"
    assert taken.headers["ETag"] == f'"v{shown["version"]}"'
    await house.relay(later)
    assert await house.told(house.zhang) == ["lead.script", "lead.escalation_notice", "lead.taken_from_you"]
    assert await house.told(house.manager) == ["lead.escalated"]
    assert await house.shown(house.manager) == ["lead.changed", "lead.changed", "lead.assigned"]
    assert await house.history(lead.id) == ["lead.escalated", "lead.taken_over"]
    pending = await house.session.execute(select(Deadline.rung, Deadline.base_at).where(Deadline.state == "pending"))
    assert dict(pending.tuples().all()) == {"script": later, "supervisor": later, "next_level": NOW}
    decision = await house.session.scalar(select(LeadAssignment).where(LeadAssignment.assigned_by == house.manager.id))
    assert decision is not None
    assert decision.person_id == house.manager.id


async def test_reassignment_restarts_48_hours_and_keeps_96(house: House, desk: Any, client: AsyncClient) -> None:
    lead = await house.owned(house.zhang)
    later = NOW + timedelta(hours=50)
    await house.fire(later)
    move_clock(client, later)
    given = await (await desk(house.manager)).post(
        f"{LEADS}/{lead.id}/reassignment", {"person_id": str(house.li.id), "reason": "张磊出差"}, **ANY
    )
    assert given.status_code == 200, given.text
    assert given.json()["owner"]["name"] == "李婷"
    await house.relay(later)
    assert await house.told(house.li) == ["lead.given_to_you"]
    assert await house.told(house.zhang) == ["lead.script", "lead.escalation_notice", "lead.taken_from_you"]
    assert await house.shown(house.li) == ["lead.changed", "lead.assigned"]
    assert await house.shown(house.manager) == ["lead.changed", "lead.changed"]
    due = await house.session.execute(select(Deadline.rung, Deadline.due_at).where(Deadline.state == "pending"))
    assert dict(due.tuples().all()) == {"script": later, "supervisor": later + HOURS_48, "next_level": NOW + HOURS_96}
    await house.fire(NOW + HOURS_96)
    assert (await house.lead(lead.id)).escalated_to_id == house.director.id


async def test_a_lead_given_away_leaves_its_author_s_sight(house: House, desk: Any) -> None:
    lead = await house.owned(house.zhang)
    user = await desk(house.manager)
    given = await user.post(f"{LEADS}/{lead.id}/reassignment", {"person_id": str(house.huang.id), "reason": "客户在广东建厂"}, **ANY)
    assert given.status_code == 200, given.text
    shown = given.json()
    assert (shown["owner"]["name"], shown["actions"]) == (
        "黄丽华",
        ["log_follow_up", "take_over", "reassign", "merge", "disqualify", "convert"],
    )
    house.huang.supervisor_id = None
    await house.session.flush()
    assert (await user.get(f"{LEADS}/{lead.id}")).status_code == 404
    moved = await house.lead(lead.id)
    assert (moved.owner_id, moved.region_id) == (house.huang.id, house.south.id)
    gone = await user.post(f"{LEADS}/{lead.id}/take-over", {}, **ANY)
    assert gone.status_code == 404


async def test_an_author_who_loses_sight_still_gets_the_answer(house: House, desk: Any) -> None:
    house.huang.supervisor_id = None
    lead = await house.owned(house.zhang)
    body = {"person_id": str(house.huang.id), "reason": "换区"}
    given = await (await desk(house.manager)).post(f"{LEADS}/{lead.id}/reassignment", body, **ANY)
    assert given.status_code == 200, given.text
    assert (given.json()["owner"]["name"], given.json()["actions"], given.json()["version"]) == ("黄丽华", [], 2)


async def test_a_pool_lead_is_given_by_an_administrator_and_starts_its_clocks(house: House, desk: Any) -> None:
    lead = await make_lead(house.session, pooled_at=NOW - timedelta(days=1))
    user = await desk(house.admin)
    people = {item["person"]["name"] for item in (await user.get(f"{LEADS}/{lead.id}/candidates")).json()["items"]}
    assert people >= {"张磊", "李婷", "黄丽华", "王海燕"}
    body = {"person_id": str(house.zhang.id), "reason": "就近"}
    given = await user.post(f"{LEADS}/{lead.id}/reassignment", body, **ANY)
    assert given.status_code == 200, given.text
    assert given.json()["region"]["name"] == "华东"
    assert await house.session.scalar(select(func.count()).select_from(Deadline).where(Deadline.state == "pending")) == 3


@pytest.mark.parametrize(("who", "action", "status"), [
    ("zhang", "take-over", 403), ("zhang", "reassignment", 403), ("li", "take-over", 404), ("huang", "reassignment", 404),
    ("marketing", "take-over", 403), ("marketing", "reassignment", 403), ("admin", "take-over", 403),
])  # fmt: skip
async def test_who_may_not_change_the_owner(house: House, desk: Any, who: str, action: str, status: int) -> None:
    lead = await house.owned(house.zhang)
    before = await traces(house)
    body = {"person_id": str(house.li.id), "reason": "x"} if action == "reassignment" else {}
    refused = await (await desk(getattr(house, who))).post(f"{LEADS}/{lead.id}/{action}", body, **ANY)
    assert refused.status_code == status, refused.text
    assert await traces(house) == before


async def test_bad_targets_and_stale_views_change_nothing(house: House, desk: Any) -> None:
    lead = await house.owned(house.zhang)
    engineer = await make_person(house.session, "engineer")
    gone = await make_person(house.session, is_active=False)
    user, path = await desk(house.manager), f"{LEADS}/{lead.id}"
    before = await traces(house)
    for person_id, status in ((engineer.id, 422), (gone.id, 422), (uuid4(), 422), (house.zhang.id, 409)):
        refused = await user.post(f"{path}/reassignment", {"person_id": str(person_id), "reason": "x"}, **ANY)
        assert refused.status_code == status, refused.text
    for action, body in (("take-over", {}), ("reassignment", {"person_id": str(house.li.id), "reason": "x"})):
        blind = await user.post(f"{path}/{action}", body)
        assert (blind.status_code, blind.json()["code"]) == (428, "if_match_required"), action
    stale = await user.post(f"{path}/take-over", {}, **{"If-Match": '"v9"'})
    assert stale.status_code == 412
    assert stale.json()["params"]["current"]["version"] == 1
    assert await traces(house) == before
    assert (await user.post(f"{path}/take-over", {}, **{"If-Match": '"v1"'})).status_code == 200
    assert (await user.post(f"{path}/take-over", {}, **ANY)).status_code == 409
    assert (await user.post(f"{LEADS}/{uuid4()}/take-over", {}, **ANY)).status_code == 404


async def test_a_next_step_lies_ahead(house: House, desk: Any) -> None:
    lead, user = await house.owned(house.zhang), await desk(house.zhang)
    path, before = f"{LEADS}/{lead.id}/follow-ups", await traces(house)
    for late in (NOW, NOW - timedelta(days=9000)):
        refused = await user.post(path, CALL | {"next_step_at": late.isoformat()}, **{"Idempotency-Key": str(uuid4())})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/next_step_at")
        assert refused.json()["errors"][0]["code"] == "in_the_past"
    assert await traces(house) == before
    ahead = NOW + timedelta(seconds=1)
    assert (await user.post(path, CALL | {"next_step_at": ahead.isoformat()}, **{"Idempotency-Key": str(uuid4())})).status_code == 201
    assert (await house.lead(lead.id)).next_step_at == ahead


async def test_what_somebody_keeps_shows_on_all_their_screens(house: House, desk: Any) -> None:
    user, body = await desk(house.zhang), {"company": "甲", "phone": "13812345678", "assign_to_me": True}
    made = await user.post(LEADS, body, **{"Idempotency-Key": str(uuid4())})
    events = (await house.session.scalars(select(LiveEvent).where(LiveEvent.person_id == house.zhang.id))).all()
    assert [(event.kind, event.payload["id"], event.payload["owner"]["id"]) for event in events] == [
        ("lead.changed", made.json()["id"], str(house.zhang.id))
    ]


@pytest.mark.parametrize(("ends", "may_own"), [(NOW, False), (NOW + timedelta(seconds=1), True)])
async def test_whose_access_has_ended_gets_no_lead(house: House, desk: Any, ends: datetime, *, may_own: bool) -> None:
    lead, user = await house.owned(house.zhang), await desk(house.manager)
    house.li.access_ends_at = ends
    await house.session.flush()
    offered = [item["person"]["name"] for item in (await user.get(f"{LEADS}/{lead.id}/candidates")).json()["items"]]
    assert ("李婷" in offered) is may_own
    before = await traces(house)
    answer = await user.post(f"{LEADS}/{lead.id}/reassignment", {"person_id": str(house.li.id), "reason": "出差"}, **ANY)
    if may_own:
        assert (answer.status_code, (await house.lead(lead.id)).owner_id) == (200, house.li.id)
    else:
        assert (answer.status_code, answer.json()["code"], await traces(house)) == (422, "cannot_own_leads", before)
