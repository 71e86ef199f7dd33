"""VIEW-1: what to do first, and why."""

import itertools
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient
from sqlalchemy import false, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts.rules import ContractState
from backend.core.clock import product_moment
from backend.deadlines import service as deadlines
from backend.deadlines.models import Deadline
from backend.deadlines.rules import DEFAULT_LADDERS, FIRST_CONTACT, STALL
from backend.deadlines.statutory import statutory_days
from backend.identity.models import Person
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.opportunities.reading import clocks_from
from backend.opportunities.rules import OpportunityState
from backend.today import queries
from backend.today.rules import (
    AHEAD,
    DUE_SOON,
    MILESTONE_AHEAD,
    ORDER,
    ContractFacts,
    CustomerFacts,
    DealFacts,
    Facts,
    TodayKind,
    classify,
    classify_contract,
    classify_customer,
    classify_deal,
)
from tests.conftest import NOW, SignIn
from tests.factories import make_contract, make_customer, make_lead, make_opportunity, make_person, make_region, milestone
from tests.operations.test_dead_events import make_event

MINUTE = timedelta(minutes=1)
CLOCKS = clocks_from(DEFAULT_LADDERS[STALL])
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def waiting(session: AsyncSession, owner: Person, due_at: datetime, **fields: Any) -> Lead:
    """A lead whose first contact is due at this moment."""
    lead = await make_lead(session, owner=owner, **fields)
    await deadlines.arm(session, FIRST_CONTACT, "lead", lead.id, {"assigned": NOW, "first_assigned": NOW}, NOW)
    await session.execute(update(Deadline).where(Deadline.subject_id == lead.id, Deadline.rung == "supervisor").values(due_at=due_at))
    return lead


async def test_the_list_is_in_the_order_of_the_work(session: AsyncSession, client: AsyncClient, sign_in: SignIn) -> None:
    region = await make_region(session)
    manager = await make_person(session, "regional_manager", name="王海燕", region=region)
    rep = await make_person(session, name="张磊", region=region, supervisor_id=manager.id)
    following = {"state": "following", "first_follow_up_at": NOW, "last_follow_up_at": NOW}
    late = await make_lead(session, owner=rep, **following, next_step="发报价", next_step_at=NOW - MINUTE)
    fresh = await waiting(session, rep, NOW + timedelta(hours=40), product_line="紧固件", contact_name="王芳")
    soon = await waiting(session, rep, NOW + timedelta(hours=3))
    overdue = await waiting(session, rep, NOW - timedelta(hours=2), escalated_to_id=manager.id, escalation_level=1)
    risen = await waiting(session, manager, NOW - timedelta(hours=1), escalated_to_id=rep.id, escalation_level=1)
    await make_lead(session, owner=rep, **following, next_step_at=NOW + AHEAD + MINUTE)
    await make_lead(session, owner=rep, **following)
    await make_lead(session, owner=rep, state="disqualified")
    await waiting(session, manager, NOW)
    answer = await client.get("/api/v1/today", headers=await sign_in(rep))
    assert answer.status_code == 200, answer.text
    today = answer.json()
    assert [(item["kind"], item["lead"]["id"]) for item in today["items"]] == [
        ("escalation", str(risen.id)),
        ("overdue", str(overdue.id)),
        ("due_soon", str(soon.id)),
        ("new_lead", str(fresh.id)),
        ("to_follow", str(late.id)),
    ]
    assert today["counts"] == {
        "escalation": 1, "to_assign": 0, "overdue": 1, "due_soon": 1, "new_lead": 1, "approval": 0, "support": 0, "stalled": 0, "delivery": 0, "to_follow": 1, "no_backup": 0,
    }  # fmt: skip
    first, second, third, fourth, fifth = today["items"]
    assert first["why"]["code"] == "escalated_to_you"
    assert first["why"]["params"]["owner"] == "王海燕"
    assert second["why"] | {"params": second["why"]["params"]["hours_left"]} == {"code": "first_contact_overdue", "params": -2.0}
    assert third["why"]["params"]["hours_left"] == 3.0
    (script,) = [one for one in today["scripts"] if one["id"] == fourth["script_id"]]
    assert script["title"] == "紧固件首次联系"
    assert script["body"].startswith("{contact}您好，我是成单五金的{rep}")
    assert {one["id"] for one in today["scripts"]} == {item["script_id"] for item in (first, second, third, fourth)}
    assert len(today["scripts"]) == 2
    assert (fourth["script_values"]["contact"], fourth["script_values"]["rep"]) == ("王芳", "张磊")
    assert (fifth["why"]["params"]["next_step"], fifth["why"]["params"]["is_late"], fifth["script_id"]) == ("发报价", True, None)
    assert fourth["actions"] == ["log_follow_up", "disqualify", "convert"]
    theirs = (await client.get("/api/v1/today", headers=await sign_in(manager))).json()["items"]
    assert (theirs[0]["kind"], theirs[0]["lead"]["id"]) == ("escalation", str(overdue.id))
    assert theirs[0]["actions"] == ["log_follow_up", "take_over", "reassign", "merge", "disqualify", "convert"]


async def test_an_empty_day_and_no_session(client: AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    engineer = await make_person(session, "engineer")
    assert (await client.get("/api/v1/today", headers=await sign_in(engineer))).json()["items"] == []
    assert (await client.get("/api/v1/today")).status_code == 401


async def test_the_administrator_is_told_what_the_installation_needs(session: AsyncSession, client: AsyncClient, sign_in: SignIn) -> None:
    admin, rep = await make_person(session, "administrator"), await make_person(session)
    theirs, ours = await sign_in(rep), await sign_in(admin)
    app: Any = client.app  # type: ignore[attr-defined]

    async def notices(headers: dict[str, str], now: datetime) -> Any:
        app.dependency_overrides[product_moment] = lambda: now
        return (await client.get("/api/v1/today", headers=headers)).json()["notices"]

    last = max(entry.day.year for entry in statutory_days())
    october = datetime(last, 10, 31, 23, 59, tzinfo=SHANGHAI)
    assert await notices(ours, october) == []
    assert await notices(ours, october + MINUTE) == [{"code": "calendar_year_missing", "params": {"year": last + 1}}]
    assert await notices(theirs, october + MINUTE) == []
    for _ in range(2):
        await make_event(session)
    assert await notices(ours, october) == [{"code": "dead_events", "params": {"count": 2}}]
    assert await notices(theirs, october) == []


@pytest.mark.parametrize("place", ["owner", "backup", "escalated", "none"])
async def test_sql_and_python_agree_on_the_place_of_a_lead(session: AsyncSession, place: str) -> None:
    me, other = await make_person(session), await make_person(session)
    holders = {
        "owner_id": me.id if place == "owner" else other.id,
        "backup_owner_id": me.id if place == "backup" else None,
        "escalated_to_id": me.id if place == "escalated" else None,
    }
    gaps = (-MINUTE, timedelta(), MINUTE, DUE_SOON, DUE_SOON + MINUTE)
    steps = (None, NOW - MINUTE, NOW + AHEAD, NOW + AHEAD + MINUTE)
    expected = {}
    for state, gap, step in itertools.product(("assigned", "following", "disqualified"), gaps, steps):
        lead = await waiting(session, other, NOW + gap, state=state, next_step_at=step, **holders)
        facts = Facts(LeadState(state), place == "owner", place == "backup", place == "escalated", NOW + gap, step)
        kind = classify(facts, NOW)
        if kind is not None:
            expected[lead.id] = kind
    bare = await make_lead(session, owner=other, **holders)
    kind = classify(Facts(LeadState.ASSIGNED, place == "owner", place == "backup", place == "escalated", None, None), NOW)
    expected |= {bare.id: kind} if kind else {}
    by_sql = {row.id: tuple(TodayKind)[row.place] for row in await session.execute(queries.today(me.id, NOW, false()))}
    assert by_sql == expected
    assert [ORDER[kind] for kind in TodayKind] == list(range(len(TodayKind)))
    assert len((await session.scalars(select(Lead.id))).all()) == 61


async def test_leads_without_an_owner_are_on_the_list_of_who_may_give_them_out(
    session: AsyncSession, client: AsyncClient, sign_in: SignIn
) -> None:
    region, other = await make_region(session), await make_region(session)
    admin, director = await make_person(session, "administrator"), await make_person(session, "area_director", region=other)
    manager, rep = await make_person(session, "regional_manager", region=region), await make_person(session, region=region)
    old = await make_lead(session, pooled_at=NOW - MINUTE, received_at=NOW - timedelta(hours=3))
    new = await make_lead(session, region=region, pooled_at=NOW - MINUTE, received_at=NOW - timedelta(hours=1))
    await make_lead(session, region=region, received_at=NOW)
    await make_lead(session, region=region, pooled_at=NOW - MINUTE, reclaimed_at=NOW - MINUTE)
    await make_lead(session, owner=rep, region=region)

    async def listed(person: Person) -> list[tuple[str, str, bool]]:
        today = (await client.get("/api/v1/today", headers=await sign_in(person))).json()
        found = [item for item in today["items"] if item["kind"] == "to_assign"]
        assert today["counts"]["to_assign"] == len(found)
        return [(item["lead"]["id"], item["why"]["code"], "reassign" in item["actions"]) for item in found]

    assert await listed(admin) == [(str(lead.id), "waits_for_owner", True) for lead in (old, new)]
    assert await listed(manager) == [(str(new.id), "waits_for_owner", True)]
    assert await listed(director) == []
    assert await listed(rep) == []
    await client.post(
        f"/api/v1/leads/{new.id}/reassignment",
        json={"person_id": str(rep.id), "reason": "离客户近"},
        headers=await sign_in(manager) | {"If-Match": "*"},
    )
    assert await listed(manager) == []


@pytest.mark.parametrize("gives", [True, False])
async def test_sql_and_python_agree_on_leads_without_an_owner(session: AsyncSession, *, gives: bool) -> None:
    me, rep = await make_person(session), await make_person(session)
    expected = {}
    for state, pooled_at, owner in itertools.product(("new", "assigned", "disqualified"), (None, NOW), (None, rep)):
        if (state == "assigned") is (owner is not None):
            lead = await make_lead(session, owner=owner, state=state, pooled_at=pooled_at)
            kind = classify(Facts(LeadState(state), False, False, False, None, None, pooled_at is not None, gives), NOW)
            expected |= {lead.id: kind} if kind else {}
    assert len(expected) == int(gives)
    rows = await session.execute(queries.today(me.id, NOW, queries.gives_out(may_reassign=gives, sees_company=True)))
    assert {row.id: tuple(TodayKind)[row.place] for row in rows} == expected


async def test_counts_are_of_all_there_is_and_each_kind_can_be_listed(session: AsyncSession, client: AsyncClient, sign_in: SignIn) -> None:
    """The answer stays small: two hundred cards, each script once."""
    rep = await make_person(session)
    one = await make_lead(session, owner=rep)
    many = {column.key: getattr(one, column.key) for column in Lead.__table__.columns if column.key not in {"id", "number"}}
    await session.execute(insert(Lead), [many] * 249)
    later = await make_lead(session, owner=rep, state="following", next_step_at=NOW)
    headers = await sign_in(rep)
    answer = await client.get("/api/v1/today", headers=headers)
    today = answer.json()
    assert (len(today["items"]), today["counts"]["new_lead"], today["counts"]["to_follow"]) == (200, 250, 1)
    assert (len(today["scripts"]), len({item["script_id"] for item in today["items"]})) == (1, 1)
    assert len(answer.content) < 220_000
    steps = (await client.get("/api/v1/today", headers=headers, params={"kind": "to_follow"})).json()
    assert [item["lead"]["id"] for item in steps["items"]] == [str(later.id)]
    assert steps["counts"] == today["counts"]
    assert (await client.get("/api/v1/today", headers=headers, params={"kind": "nothing"})).status_code == 422


@pytest.mark.parametrize("place", ["owner", "backup", "none"])
async def test_sql_and_python_agree_on_the_place_of_a_customer(session: AsyncSession, place: str) -> None:
    me, other, third = await make_person(session), await make_person(session), await make_person(session)
    owner = me if place == "owner" else other
    expected = {}
    for is_key, step, state in itertools.product((True, False), (None, NOW, NOW + AHEAD, NOW + AHEAD + MINUTE), ("active", "archived")):
        for backup in (me,) if place == "backup" else (None, third):
            fields = {"is_key": is_key, "next_step_at": step, "state": state, "backup_owner_id": backup.id if backup else None}
            customer = await make_customer(session, owner=owner, **fields)
            facts = CustomerFacts(place == "owner", place == "backup", is_key and backup is None, step)
            kind = classify_customer(facts, NOW)
            if kind is not None and state == "active":
                expected[customer.id] = kind
    by_sql = {row.id: tuple(TodayKind)[row.place] for row in await session.execute(queries.todays_customers(me.id, NOW))}
    assert by_sql == expected
    assert bool(expected) is (place != "none")


@pytest.mark.parametrize("place", ["owner", "backup", "none"])
async def test_sql_and_python_agree_on_the_place_of_an_opportunity(session: AsyncSession, place: str) -> None:
    me, other = await make_person(session), await make_person(session)
    customer = await make_customer(session, owner=me if place == "owner" else other, backup_owner_id=me.id if place == "backup" else None)
    expected = {}
    week = timedelta(days=7)
    closings = ({}, {"state": "lost", "loss_reason": "price", "closed_at": NOW})
    for step, active, closing in itertools.product(
        (None, NOW, NOW + AHEAD, NOW + AHEAD + MINUTE), (NOW - week, NOW - week + MINUTE), closings
    ):
        deal = await make_opportunity(session, customer, next_step_at=step, last_activity_at=active, **closing)
        facts = DealFacts(OpportunityState(deal.state), place == "owner", place == "backup", active, step)
        kind = classify_deal(facts, CLOCKS, NOW)
        if kind is not None:
            expected[deal.id] = kind
    by_sql = {row.id: tuple(TodayKind)[row.place] for row in await session.execute(queries.todays_deals(me.id, CLOCKS, NOW))}
    assert by_sql == expected
    assert set(expected.values()) == (set() if place == "none" else {TodayKind.STALLED, TodayKind.TO_FOLLOW})
    counts = {tuple(TodayKind)[place]: many for place, many in await session.execute(queries.deal_counts(me.id, CLOCKS, NOW))}
    assert counts == Counter(expected.values())


@pytest.mark.parametrize("place", ["owner", "backup", "none"])
async def test_sql_and_python_agree_on_the_place_of_a_contract(session: AsyncSession, place: str) -> None:
    me, other = await make_person(session), await make_person(session)
    customer = await make_customer(session, owner=me if place == "owner" else other, backup_owner_id=me.id if place == "backup" else None)
    day, expected = NOW.date(), {}
    signed = {"signed_on": day - timedelta(days=30)}
    for due, more in itertools.product(
        (None, day - timedelta(days=2), day, day + MILESTONE_AHEAD, day + MILESTONE_AHEAD + timedelta(days=1)),
        ({}, signed, {**signed, "completed_on": day, "state": "completed"}),
    ):
        deal = await make_opportunity(session, customer, "closed", state="won", closed_at=NOW)
        steps = [milestone(due), milestone(day - timedelta(days=9), done_on=day)] if due else []
        contract = await make_contract(session, deal, *steps, **more)
        kind = classify_contract(ContractFacts(ContractState(contract.state), place == "owner", place == "backup", due), day)
        if kind is not None:
            expected[contract.id] = due
    rows = (await session.execute(queries.todays_contracts(me.id, day))).all()
    assert {row.id: row.next_due_on for row in rows} == expected
    assert len(expected) == (0 if place == "none" else 3)
    assert [row.next_due_on for row in rows] == sorted(expected.values()), "the latest first"
    assert await session.scalar(queries.contract_count(me.id, day)) == len(expected)


async def test_a_late_delivery_stands_among_the_deals(session: AsyncSession, client: AsyncClient, sign_in: SignIn) -> None:
    rep = await make_person(session, region=await make_region(session))
    deal = await make_opportunity(session, await make_customer(session, owner=rep), "closed", state="won", closed_at=NOW)
    day = NOW.date()
    contract = await make_contract(session, deal, milestone(day - timedelta(days=2)), signed_on=day - timedelta(days=30))
    today = (await client.get("/api/v1/today", headers=await sign_in(rep), params={"kind": "delivery"})).json()
    (item,) = today["items"]
    assert (item["contract"]["id"], item["contract"]["is_late"], today["counts"]["delivery"]) == (str(contract.id), True, 1)
    assert item["why"] == {"code": "milestone_late", "params": {"milestone": "首件确认", "days": 2, "due_on": "2026-03-08"}}


async def test_deals_that_stand_still_and_those_with_a_next_step_stand_among_the_rest(
    session: AsyncSession, client: AsyncClient, sign_in: SignIn
) -> None:
    rep = await make_person(session, region=await make_region(session))
    customer = await make_customer(session, owner=rep)
    still = await make_opportunity(session, customer, last_activity_at=NOW - timedelta(days=9), next_step="报价", next_step_at=NOW - MINUTE)
    promised = await make_opportunity(session, customer, next_step="寄样件", next_step_at=NOW + timedelta(hours=1))
    await make_opportunity(session, customer)
    today = (await client.get("/api/v1/today", headers=await sign_in(rep))).json()
    assert [(item["kind"], item["opportunity"]["id"]) for item in today["items"]] == [
        ("stalled", str(still.id)), ("to_follow", str(promised.id)),
    ]  # fmt: skip
    assert today["items"][0]["why"] == {"code": "deal_without_update", "params": {"days": 9, "next_step": "报价"}}
    assert (today["items"][1]["due_at"], today["counts"]["stalled"], today["counts"]["to_follow"]) == ("2026-03-10T03:00:00Z", 1, 1)
    only = (await client.get("/api/v1/today", headers=await sign_in(rep), params={"kind": "stalled"})).json()
    assert [item["opportunity"]["id"] for item in only["items"]] == [str(still.id)]


async def test_approvals_and_customers_stand_among_the_leads(session: AsyncSession, client: AsyncClient, sign_in: SignIn) -> None:
    region = await make_region(session)
    manager = await make_person(session, "regional_manager", region=region)
    rep = await make_person(session, name="张磊", region=region, supervisor_id=manager.id)
    lead = await waiting(session, rep, NOW + timedelta(hours=40))
    promised = await make_customer(session, owner=rep, next_step="寄样件", next_step_at=NOW + timedelta(hours=1))
    lonely = await make_customer(session, owner=rep, is_key=True)
    body = {"address": "新址", "reason": "搬迁"}
    headers = await sign_in(rep)
    asked = await client.patch(f"/api/v1/customers/{promised.id}", json=body, headers=headers | {"If-Match": '"v1"'})
    assert asked.status_code == 202, asked.text
    mine = (await client.get("/api/v1/today", headers=headers)).json()["items"]
    assert [item["kind"] for item in mine] == ["new_lead", "to_follow", "no_backup"]
    assert [(item.get("lead") or item["customer"])["id"] for item in mine] == [str(lead.id), str(promised.id), str(lonely.id)]
    assert (mine[1]["why"]["params"]["next_step"], mine[1]["due_at"]) == ("寄样件", "2026-03-10T03:00:00Z")
    (approval,) = (await client.get("/api/v1/today", headers=await sign_in(manager))).json()["items"]
    assert (approval["kind"], approval["change_request"]["id"]) == ("approval", asked.json()["change_request"]["id"])
    assert approval["why"] == {"code": "change_waits_for_you", "params": {"by": "张磊", "since": "2026-03-10T02:00:00Z", "reason": "搬迁"}}
