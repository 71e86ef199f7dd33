"""LEAD-6: untouched leads return to the pool; the former owner cools off; claims are counted; a dry run tells before."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import product_moment
from backend.core.db import Lens, bind, transaction
from backend.deadlines.models import Deadline
from backend.identity.models import Person, Region
from backend.leads import pool, pool_queries, pool_rules
from backend.leads.models import Lead, LeadAssignment, PoolRuleRow
from backend.leads.pool_rules import Held, PoolRule
from backend.leads.rules import LeadState
from backend.timeline.models import TimelineEntry
from tests.conftest import NOW, Committed, SignIn, as_owner
from tests.factories import make_lead, make_person, make_region
from tests.relaying import drain

DAY = timedelta(days=1)
RULE = PoolRule(reclaim_after_days=30, cooling_off_days=7, claims_a_day=2, is_active=True)


@pytest.mark.parametrize(("state", "assigned", "touched", "is_protected", "is_active", "expected"), [
    (LeadState.FOLLOWING, 40, 30, False, True, NOW), (LeadState.FOLLOWING, 40, 29, False, True, NOW + DAY),
    (LeadState.ASSIGNED, 10, 90, False, True, NOW + 20 * DAY), (LeadState.ASSIGNED, 31, 90, False, True, NOW - DAY),
    (LeadState.FOLLOWING, 90, 90, True, True, None), (LeadState.FOLLOWING, 90, 90, False, False, None),
    (LeadState.NEW, None, 90, False, True, None), (LeadState.DISQUALIFIED, 90, 90, False, True, None),
])  # fmt: skip
def test_when_a_lead_returns(
    state: LeadState, assigned: int | None, touched: int, is_protected: bool, is_active: bool, expected: datetime | None
) -> None:
    held = Held(state, None if assigned is None else NOW - assigned * DAY, NOW - touched * DAY, is_protected)
    assert pool_rules.reclaim_at(held, PoolRule(30, 7, 2, is_active)) == expected


@pytest.mark.parametrize(("at", "expected"), [(None, False), (NOW - DAY, True), (NOW, True), (NOW + timedelta(seconds=1), False)])
def test_due_is_what_lies_not_ahead(at: datetime | None, expected: bool) -> None:
    assert pool_rules.is_due(at, NOW) is expected


def test_only_the_former_owner_cools_off_and_not_for_ever() -> None:
    me, taken = uuid4(), NOW - 7 * DAY
    assert pool_rules.cools_off(me, taken + timedelta(seconds=1), me, RULE, NOW) == NOW + timedelta(seconds=1)
    assert pool_rules.cools_off(me, taken, me, RULE, NOW) is None
    assert pool_rules.cools_off(uuid4(), NOW, me, RULE, NOW) is None
    assert pool_rules.cools_off(me, None, me, RULE, NOW) is None


def test_a_day_of_claims_begins_at_midnight_of_the_company() -> None:
    assert pool_rules.start_of_day(datetime(2026, 3, 9, 15, 59, tzinfo=UTC), "Asia/Shanghai") == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert pool_rules.start_of_day(datetime(2026, 3, 9, 16, tzinfo=UTC), "Asia/Shanghai") == datetime(2026, 3, 9, 16, tzinfo=UTC)


async def set_rule(session: AsyncSession, region: Region | None, **values: Any) -> None:
    fields = {"reclaim_after_days": 30, "cooling_off_days": 7, "claims_a_day": 2, "is_active": True} | values
    if region is None:
        row = await session.scalar(select(PoolRuleRow).where(PoolRuleRow.region_id.is_(None)))
        assert row
        for name, value in fields.items():
            setattr(row, name, value)
    else:
        session.add(PoolRuleRow(region_id=region.id, **fields))
    await session.flush()


async def test_sql_and_python_agree_on_what_returns(session: AsyncSession) -> None:
    common, own, off = await make_region(session, "甲区"), await make_region(session, "乙区"), await make_region(session, "丙区")
    await set_rule(session, None, reclaim_after_days=30)
    await set_rule(session, own, reclaim_after_days=10)
    await set_rule(session, off, reclaim_after_days=1, is_active=False)
    rule_of = {None: 30, common.id: 30, own.id: 10, off.id: 1}
    owner = await make_person(session)
    leads = [
        await make_lead(
            session, owner=owner, region=region, state=state, assigned_at=NOW - timedelta(days=assigned), received_at=NOW - 90 * DAY,
            last_activity_at=NOW - timedelta(days=touched, seconds=late - 1), protected_at=NOW if protected else None,
        )
        for region, state, (assigned, touched), late, protected in product(
            (None, common, own, off), ("assigned", "following", "disqualified"), ((60, 30), (60, 10), (9, 60), (29, 60)), (0, 1, 2), (False, True)
        )
    ]  # fmt: skip
    by_rule = {
        lead.id
        for lead in leads
        if pool_rules.is_due(
            pool_rules.reclaim_at(
                Held(LeadState(lead.state), lead.assigned_at, lead.last_activity_at, lead.protected_at is not None),
                PoolRule(rule_of[lead.region_id], 7, 2, lead.region_id != off.id),
            ),
            NOW,
        )
    }
    assert by_rule
    assert {row.id for row in await session.execute(pool_queries.reclaimable(NOW, 1000))} == by_rule


async def held(session: AsyncSession, *, days: int = 31, **fields: Any) -> tuple[Lead, Person, Region]:
    """A lead whose owner has not touched it for so many days."""
    region = await make_region(session)
    owner = await make_person(session, region=region)
    moment = NOW - timedelta(days=days)
    made = {
        "owner": owner,
        "region": region,
        "state": "following",
        "received_at": moment,
        "assigned_at": moment,
        "last_activity_at": moment,
    }
    return await make_lead(session, **(made | fields)), owner, region


async def reclaim(session: AsyncSession, now: datetime = NOW) -> int:
    await bind(session, Lens.SYSTEM, "system:leads")
    taken = await pool.reclaim(session, now, 100)
    await as_owner(session)
    return taken


async def test_an_untouched_lead_returns_once_and_says_so(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    lead, owner, region = await held(session, state="assigned")
    session.add(
        Deadline(kind="lead.first_contact", rung="supervisor", subject_type="lead", subject_id=lead.id, base_at=NOW, due_at=NOW + DAY)
    )
    await session.flush()
    assert [await reclaim(session), await reclaim(session)] == [1, 0]
    await session.refresh(lead)
    assert (lead.owner_id, lead.state, lead.assigned_at, lead.pooled_at, lead.reclaimed_at, lead.former_owner_id) == (
        None,
        "new",
        None,
        NOW,
        NOW,
        owner.id,
    )
    assert (lead.region_id, lead.version) == (region.id, 2)
    decided = (await session.scalars(select(LeadAssignment).where(LeadAssignment.lead_id == lead.id))).all()
    assert [(row.person_id, row.reason["code"], row.reason["params"]["days"]) for row in decided] == [(None, "reclaimed", 31)]
    assert [entry.kind for entry in await session.scalars(select(TimelineEntry).where(TimelineEntry.subject_id == lead.id))] == [
        "lead.reclaimed"
    ]
    assert [row.state for row in await session.scalars(select(Deadline).where(Deadline.subject_id == lead.id))] == ["stopped"]
    await bind(session, Lens.SYSTEM, "system:relay")
    await drain(session, NOW)
    await as_owner(session)
    told = (await client.get("/api/v1/notifications", headers=await sign_in(owner))).json()["items"]
    assert [notice["kind"] for notice in told] == ["lead.reclaimed"]


async def test_a_touched_a_protected_and_a_fresh_lead_stay(session: AsyncSession) -> None:
    await held(session, days=29)
    await held(session, protected_at=NOW - 40 * DAY, protected_reason="年度框架")
    await held(session, assigned_at=NOW - 3 * DAY)
    assert await reclaim(session) == 0


async def test_the_card_says_when_it_returns(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    lead, owner, _ = await held(session, days=20)
    headers = await sign_in(owner)
    shown = (await client.get("/api/v1/leads", headers=headers)).json()["items"][0]
    assert datetime.fromisoformat(shown["returns_to_pool_at"]) == NOW + 10 * DAY
    lead.protected_at = NOW
    await session.flush()
    shown = (await client.get(f"/api/v1/leads/{lead.id}", headers=headers)).json()
    assert (shown["returns_to_pool_at"], datetime.fromisoformat(shown["protected_at"])) == (None, NOW)


async def test_the_former_owner_cools_off_while_others_claim(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    lead, owner, region = await held(session)
    other = await make_person(session, region=region)
    await reclaim(session)
    refused = await client.post(f"/api/v1/leads/{lead.id}/claim", headers=await sign_in(owner))
    assert (refused.status_code, refused.json()["code"]) == (409, "cooling_off")
    assert datetime.fromisoformat(refused.json()["params"]["until"]) == NOW + 7 * DAY
    await session.refresh(lead)
    assert (lead.owner_id, lead.version) == (None, 2)
    claimed = await client.post(f"/api/v1/leads/{lead.id}/claim", headers=await sign_in(other))
    assert (claimed.status_code, claimed.json()["owner"]["id"], claimed.json()["reclaimed_at"]) == (200, str(other.id), None)


async def test_after_cooling_off_the_former_owner_may_claim_again(
    session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    lead, owner, _ = await held(session)
    await reclaim(session)
    client.app.dependency_overrides[product_moment] = lambda: NOW + 7 * DAY  # type: ignore[attr-defined]
    claimed = await client.post(f"/api/v1/leads/{lead.id}/claim", headers=await sign_in(owner))
    assert claimed.status_code == 200


async def test_claims_are_counted_by_the_day(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    region = await make_region(session, "苏南")
    await set_rule(session, region, claims_a_day=2)
    rep = await make_person(session, region=region)
    leads = [await make_lead(session, region=region, pooled_at=NOW - DAY) for _ in range(4)]
    headers = await sign_in(rep)
    answers = [await client.post(f"/api/v1/leads/{lead.id}/claim", headers=headers) for lead in leads[:3]]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert (answers[2].json()["code"], answers[2].json()["params"]) == ("claim_limit_reached", {"most": 2})
    client.app.dependency_overrides[product_moment] = lambda: NOW + DAY  # type: ignore[attr-defined]
    assert (await client.post(f"/api/v1/leads/{leads[2].id}/claim", headers=headers)).status_code == 200


async def test_a_rule_is_changed_by_who_has_seen_it_and_audited(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    region, headers = await make_region(session, "苏南"), await sign_in(await make_person(session, "administrator"))
    body = {"reclaim_after_days": 45, "cooling_off_days": 14, "claims_a_day": 5, "is_active": True}
    path = f"/api/v1/pool/rules/regions/{region.id}"
    made = await client.put(path, json=body, headers=headers)
    assert (made.status_code, made.headers["ETag"], made.json()["region"]["name"]) == (200, '"v1"', "苏南")
    assert (await client.put(path, json=body, headers=headers)).json()["code"] == "if_match_required"
    changed = await client.put(path, json=body | {"claims_a_day": 6}, headers={**headers, "If-Match": '"v1"'})
    assert (changed.status_code, changed.json()["claims_a_day"], changed.json()["version"]) == (200, 6, 2)
    late = await client.put(path, json=body, headers={**headers, "If-Match": '"v1"'})
    assert (late.status_code, late.json()["params"]["current"]["claims_a_day"]) == (412, 6)
    assert (await client.put(f"/api/v1/pool/rules/regions/{uuid4()}", json=body, headers=headers)).status_code == 404
    wrong = await client.put(path, json=body | {"reclaim_after_days": 0}, headers={**headers, "If-Match": '"v2"'})
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["#/reclaim_after_days"]
    listed = (await client.get("/api/v1/pool/rules", headers=headers)).json()["items"]
    assert [(rule["region"] and rule["region"]["name"], rule["reclaim_after_days"]) for rule in listed] == [(None, 30), ("苏南", 45)]
    trace = await session.scalar(
        text("select count(*) from audit_entry where table_name = 'pool_rule' and actor <> 'system:defaults' and action = 'update'")
    )
    assert trace == 1


async def test_a_dry_run_counts_what_the_sweep_would_take(session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    region = await make_region(session, "苏南")
    owner = await make_person(session, region=region)
    for days in (40, 31, 28, 24, 23, 5):
        moment = NOW - timedelta(days=days)
        await make_lead(
            session, owner=owner, region=region, state="following", received_at=moment, assigned_at=moment, last_activity_at=moment
        )
    headers = await sign_in(await make_person(session, "administrator"))

    async def would(days: int, region_id: str | None) -> dict[str, Any]:
        answer = await client.post("/api/v1/pool/preview", json={"region_id": region_id, "reclaim_after_days": days}, headers=headers)
        assert answer.status_code == 200
        shown: dict[str, Any] = answer.json()
        return shown

    of_region = await would(30, str(region.id))
    assert (of_region["now"], of_region["within_a_week"], of_region["is_more"], len(of_region["items"])) == (2, 5, False, 5)
    assert datetime.fromisoformat(of_region["items"][0]["returns_at"]) == NOW - 10 * DAY
    assert (await would(30, None))["within_a_week"] == 5
    await set_rule(session, region, reclaim_after_days=50)
    assert (await would(30, None))["within_a_week"] == 0
    assert await reclaim(session) == 0
    assert (await would(4, str(region.id)))["now"] == 6


@pytest.mark.parametrize(("body", "status", "pointer"), [
    ({"is_protected": True}, 422, "#/reason"), ({"is_protected": True, "reason": "年度框架"}, 200, None), ({"is_protected": False}, 200, None),
])  # fmt: skip
async def test_protecting_needs_a_reason(
    session: AsyncSession, client: httpx.AsyncClient, sign_in: SignIn, body: dict[str, Any], status: int, pointer: str | None
) -> None:
    lead, _, region = await held(session)
    manager = await make_person(session, "regional_manager", region=region)
    answer = await client.post(f"/api/v1/leads/{lead.id}/protection", json=body, headers=await sign_in(manager))
    assert answer.status_code == status
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    await session.refresh(lead)
    assert (lead.protected_at is not None) is (status == 200 and body["is_protected"])


async def test_two_sweeps_at_once_take_each_lead_once(committed: Committed) -> None:
    async with committed.owner() as session:
        region = await make_region(session, "苏南")
        owner = await make_person(session, region=region)
        moment = NOW - 40 * DAY
        for _ in range(40):
            await make_lead(
                session, owner=owner, region=region, state="following", received_at=moment, assigned_at=moment, last_activity_at=moment
            )

    async def sweep() -> int:
        total = 0
        while True:
            async with transaction(Lens.SYSTEM, "system:leads") as session:
                taken = await pool.reclaim(session, NOW, 7)
            total += taken
            if not taken:
                return total

    taken = await asyncio.gather(*(sweep() for _ in range(4)))
    assert sum(taken) == 40
    async with committed.owner() as session:
        assert await session.scalar(text("select count(*) from outbox where kind = 'lead.reclaimed'")) == 40
        assert await session.scalar(text("select count(*) from lead_assignment where reason ->> 'code' = 'reclaimed'")) == 40
