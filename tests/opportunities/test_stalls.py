"""FLOW-5, FLOW-2: who is told of a deal that stands still and of a next step that is due, when, and how often."""

import asyncio
import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind, run_before_commit, transaction
from backend.deadlines import rulebook
from backend.deadlines.models import LadderRow
from backend.deadlines.rules import DEFAULT_LADDERS, STALL
from backend.identity.models import Person
from backend.notifications.models import LiveEvent, Notification
from backend.opportunities import queries, stalls
from backend.opportunities.models import Opportunity, OpportunityNotice
from backend.opportunities.reading import clocks_from
from backend.opportunities.rules import Clocks, OpportunityState, is_flagged, is_told, is_unadvanced
from tests.conftest import NOW, Committed, as_owner, waits_for_a_lock
from tests.factories import make_customer, make_opportunity, make_person
from tests.opportunities.conftest import CALL, OPPORTUNITIES, Sales
from tests.simulators.installation import eventually

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEK = 7 * DAY
CLOCKS = clocks_from(DEFAULT_LADDERS[STALL])
LOST = {"state": "lost", "loss_reason": "price", "closed_at": NOW}


async def sweep(session: AsyncSession, now: datetime, work: Any = stalls.tell_stalled, **most: int) -> int:
    await bind(session, Lens.SYSTEM, "system:opportunities")
    told: int = await work(session, now, **most)
    await run_before_commit(session)
    await as_owner(session)
    return told


async def bell(session: AsyncSession, person: Person) -> list[tuple[str, Any]]:
    """Kind, and the subject or else how many."""
    rows = await session.scalars(
        select(Notification).where(Notification.person_id == person.id).order_by(Notification.created_at, Notification.id)
    )
    return [(row.kind, row.subject_id or row.params["count"]) for row in rows]


def test_the_shipped_clocks_are_those_of_the_requirement() -> None:
    assert Clocks(WEEK, WEEK, 15 * DAY, spares_planned=False) == CLOCKS


@pytest.mark.parametrize("spares", [False, True])
async def test_sql_and_python_agree_on_what_stands_still_and_what_has_not_advanced(session: AsyncSession, spares: bool) -> None:
    clocks = Clocks(WEEK, WEEK, 15 * DAY, spares_planned=spares)
    customer = await make_customer(session, owner=await make_person(session))
    deals = []
    for closing, active, step in itertools.product(({}, LOST), (WEEK - MINUTE, WEEK), (None, -MINUTE, timedelta(), MINUTE)):
        moments = {"last_activity_at": NOW - active, "next_step_at": None if step is None else NOW + step, "advanced_at": NOW - 8 * active}
        deals.append(await make_opportunity(session, customer, **moments, **closing))
    deals += [await make_opportunity(session, customer, advanced_at=NOW - 15 * DAY + late) for late in (timedelta(), MINUTE)]
    flagged = set(await session.scalars(select(Opportunity.id).where(queries.flagged(clocks, NOW))))
    late = set(await session.scalars(select(Opportunity.id).where(queries.unadvanced(clocks, NOW))))
    states = {deal.id: OpportunityState(deal.state) for deal in deals}
    assert flagged == {one.id for one in deals if is_flagged(states[one.id], one.last_activity_at, one.next_step_at, clocks, NOW)}
    assert late == {one.id for one in deals if is_unadvanced(states[one.id], one.advanced_at, clocks, NOW)}
    assert len(flagged) == (3 if spares else 4)
    assert len(late) == 9


@pytest.mark.parametrize("spares", [False, True])
async def test_the_sweep_and_python_agree_on_who_is_told(session: AsyncSession, monkeypatch: pytest.MonkeyPatch, spares: bool) -> None:
    clocks = Clocks(WEEK, 3 * DAY, 15 * DAY, spares_planned=spares)

    async def given(_: AsyncSession) -> Clocks:
        return clocks

    monkeypatch.setattr(stalls, "clocks_of", given)
    customer = await make_customer(session, owner=await make_person(session))
    expected = set()
    for active, step, told in itertools.product(
        (WEEK - MINUTE, WEEK, 9 * DAY),
        (None, -MINUTE, MINUTE),
        (None, (WEEK, MINUTE), (9 * DAY, 3 * DAY), (9 * DAY, 3 * DAY - MINUTE), (10 * DAY, MINUTE)),
    ):
        deal = await make_opportunity(session, customer, last_activity_at=NOW - active, next_step_at=None if step is None else NOW + step)
        known = (NOW - told[0], NOW - told[1]) if told else None
        if known:
            session.add(OpportunityNotice(opportunity_id=deal.id, kind="stall", base_at=known[0], told_at=known[1], times=1))
        if is_flagged(OpportunityState.OPEN, deal.last_activity_at, deal.next_step_at, clocks, NOW) and not is_told(
            deal.last_activity_at, known, NOW - clocks.again_after
        ):
            expected.add(deal.id)
    await session.flush()
    assert await sweep(session, NOW) == len(expected) > 0
    told_now = set(await session.scalars(select(OpportunityNotice.opportunity_id).where(OpportunityNotice.told_at == NOW)))
    assert told_now == expected
    assert await sweep(session, NOW) == 0


async def test_the_owner_is_told_once_in_a_stall_again_weekly_and_anew_after_an_update(sales: Sales) -> None:
    house = sales.house
    session, zhang = house.session, house.zhang
    deal = await make_opportunity(session, sales.customer, last_activity_at=NOW - WEEK + MINUTE, next_step="报价")
    path, user = f"{OPPORTUNITIES}/{deal.id}", await sales.of(zhang)
    assert await sweep(session, NOW) == 0
    assert (await user.get(path)).json()["is_flagged"] is False
    assert await sweep(session, NOW + MINUTE) == 1
    assert await bell(session, zhang) == [("opportunity.stalled", deal.id)]
    params = await session.scalar(select(Notification.params).where(Notification.person_id == zhang.id))
    assert (params["days"], params["customer"], params["next_step"], params["times"]) == (7, "苏州恒达机械有限公司", "报价", 1)
    live = (
        await session.scalars(select(LiveEvent.payload).where(LiveEvent.person_id == zhang.id, LiveEvent.kind == "opportunity.changed"))
    ).one()
    assert (live["id"], live["is_flagged"]) == (str(deal.id), True)
    for later in (timedelta(hours=1), WEEK - MINUTE):
        assert await sweep(session, NOW + MINUTE + later) == 0
    assert await sweep(session, NOW + MINUTE + WEEK) == 1
    await session.execute(update(Opportunity).where(Opportunity.id == deal.id).values(last_activity_at=NOW - 9 * DAY))
    assert (await user.get(path)).json()["is_flagged"] is True
    await user.post(f"{path}/follow-ups", CALL)
    assert (await user.get(path)).json()["is_flagged"] is False
    assert await sweep(session, NOW + WEEK - MINUTE) == 0
    assert await sweep(session, NOW + WEEK) == 1
    assert [times for (times,) in await session.execute(select(OpportunityNotice.times))] == [1]
    assert len(await bell(session, zhang)) == 3


async def test_many_of_one_owner_are_told_together_and_won_ones_not_at_all(session: AsyncSession) -> None:
    one, other = await make_person(session), await make_person(session)
    mine, others = await make_customer(session, owner=one, name="苏州恒达"), await make_customer(session, owner=other)
    for day in range(stalls.MOST_SINGLY + 1):
        await make_opportunity(session, mine, last_activity_at=NOW - WEEK - day * DAY)
    await make_opportunity(session, mine, last_activity_at=NOW - WEEK, **LOST)
    deals = [await make_opportunity(session, others, last_activity_at=NOW - WEEK - DAY) for _ in range(stalls.MOST_SINGLY)]
    assert await sweep(session, NOW) == 2 * stalls.MOST_SINGLY + 1
    assert await bell(session, one) == [("opportunity.stalled_many", stalls.MOST_SINGLY + 1)]
    params = await session.scalar(select(Notification.params).where(Notification.person_id == one.id))
    assert params == {"count": 4, "names": ["苏州恒达"] * 3, "days": 10}
    assert sorted(await bell(session, other), key=str) == sorted([("opportunity.stalled", deal.id) for deal in deals], key=str)


async def test_batches_take_the_longest_first(session: AsyncSession) -> None:
    customer = await make_customer(session, owner=await make_person(session))
    deals = [await make_opportunity(session, customer, last_activity_at=NOW - WEEK - hours * MINUTE) for hours in range(3)]
    assert [await sweep(session, NOW, most=2) for _ in range(3)] == [2, 1, 0]
    told = (await session.scalars(select(OpportunityNotice.opportunity_id).order_by(OpportunityNotice.base_at))).all()
    assert list(told) == [deal.id for deal in reversed(deals)]


async def test_two_sweeps_at_once_tell_once(committed: Committed) -> None:
    async with committed.owner() as session:
        owner = await make_person(session)
        customer = await make_customer(session, owner=owner)
        for _ in range(2):
            await make_opportunity(session, customer, last_activity_at=NOW - WEEK, next_step_at=NOW - DAY)
    async with transaction(Lens.SYSTEM, "system:opportunities") as first:
        assert await stalls.tell_stalled(first, NOW) == 2
        assert await stalls.tell_due_steps(first, NOW) == 2
        second = asyncio.create_task(both())
        await eventually(lambda: waits_for_a_lock(committed), 10, "the second sweep waits for the first")
    assert await second == (0, 0)
    async with committed.owner() as session:
        assert len(await bell(session, owner)) == 4


async def both() -> tuple[int, int]:
    async with transaction(Lens.SYSTEM, "system:opportunities") as session:
        return await stalls.tell_stalled(session, NOW), await stalls.tell_due_steps(session, NOW)


async def test_a_next_step_is_reminded_of_once_and_a_new_one_again(sales: Sales) -> None:
    house = sales.house
    session, zhang = house.session, house.zhang
    deal = await make_opportunity(session, sales.customer, next_step="寄样件", next_step_at=NOW + MINUTE)
    await make_opportunity(session, sales.customer, next_step="无时间")
    await make_opportunity(session, sales.customer, next_step_at=NOW, **LOST)
    assert await sweep(session, NOW, stalls.tell_due_steps) == 0
    assert await sweep(session, NOW + MINUTE, stalls.tell_due_steps) == 1
    assert await sweep(session, NOW + DAY, stalls.tell_due_steps) == 0
    assert await bell(session, zhang) == [("opportunity.next_step_due", deal.id)]
    user = await sales.of(zhang)
    await user.post(f"{OPPORTUNITIES}/{deal.id}/follow-ups", CALL | {"next_step": "报价", "next_step_at": (NOW + 2 * DAY).isoformat()})
    assert await sweep(session, NOW + 2 * DAY, stalls.tell_due_steps) == 1
    said = await session.scalars(select(Notification.params).where(Notification.person_id == zhang.id).order_by(Notification.created_at))
    assert [params["next_step"] for params in said] == ["寄样件", "报价"]


async def test_the_ladder_moves_flag_filter_board_and_today_at_once(sales: Sales) -> None:
    session, user = sales.house.session, await sales.of(sales.house.zhang)
    planned = {"next_step": "报价", "next_step_at": NOW + DAY}
    deal = await make_opportunity(session, sales.customer, last_activity_at=NOW - 5 * DAY, advanced_at=NOW - 12 * DAY, **planned)

    async def seen() -> tuple[Any, ...]:
        shown = (await user.get(f"{OPPORTUNITIES}/{deal.id}")).json()
        counts = [
            (await user.get("/api/v1/opportunity-count", **{name: "true"})).json()["count"] for name in ("is_flagged", "is_unadvanced")
        ]
        board = (await user.get("/api/v1/board", is_flagged="true")).json()["columns"]
        stalled = (await user.get("/api/v1/today")).json()["counts"]["stalled"]
        return shown["is_flagged"], shown["is_unadvanced"], *counts, sum(column["count"] for column in board), stalled

    async def ladder(flag: int, report: int, spares: bool) -> None:
        rungs = [
            rung.model_copy(update={"amount": {"flag": flag, "report": report}.get(rung.key, 7)}).model_dump(mode="json")
            for rung in DEFAULT_LADDERS[STALL].rungs
        ]
        await session.execute(update(LadderRow).where(LadderRow.kind == STALL).values(rungs=rungs, spares_planned=spares))
        rulebook.forget()

    assert await seen() == (False, False, 0, 0, 0, 0)
    await ladder(5, 12, spares=False)
    assert await seen() == (True, True, 1, 1, 1, 1)
    await ladder(5, 12, spares=True)
    assert await seen() == (False, True, 0, 1, 0, 0)
    rulebook.forget()


async def test_a_trial_of_the_ladder_counts_what_would_happen(sales: Sales) -> None:
    session, admin = sales.house.session, await sales.of(sales.house.admin)
    for days, told in ((1, None), (4, None), (4.5, None), (8, 1), (10, 5)):
        deal = await make_opportunity(session, sales.customer, last_activity_at=NOW - days * DAY, advanced_at=NOW - 3 * days * DAY)
        if told:
            at = {"base_at": deal.last_activity_at, "told_at": NOW - told * DAY, "times": 1}
            session.add(OpportunityNotice(opportunity_id=deal.id, kind="stall", **at))
    await session.flush()
    rungs = [
        rung.model_dump(mode="json") | {"amount": amount} for rung, amount in zip(DEFAULT_LADDERS[STALL].rungs, (4, 5, 13), strict=True)
    ]
    tried = await admin.post(f"/api/v1/ladders/{STALL}/dry-run", {"rungs": rungs})
    assert tried.status_code == 200, tried.text
    figures = [(one["rung"], one["pending"], one["due_now"], one["due_soon"]) for one in tried.json()["rungs"]]
    assert figures == [("flag", 3, 2, 0), ("again", 2, 1, 0), ("report", 3, 1, 1)]
    assert await session.scalar(select(func.count()).select_from(Notification)) == 0


async def test_telling_changes_nothing_of_the_deal_and_leaves_no_audit(session: AsyncSession) -> None:
    customer = await make_customer(session, owner=await make_person(session))
    deal = await make_opportunity(session, customer, last_activity_at=NOW - WEEK)
    audited = await session.scalar(text("select count(*) from audit_entry"))
    assert await sweep(session, NOW) == 1
    assert await session.scalar(text("select count(*) from audit_entry")) == audited
    assert await session.scalar(select(Opportunity.version).where(Opportunity.id == deal.id)) == 1
