"""Announcing in the caller's transaction."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from backend import subscriptions
from backend.core.db import Lens, bind, run_before_commit, transaction
from backend.identity.sign_in import end_sessions
from backend.notifications.jobs import prune_live_events
from backend.notifications.models import Channel, ChannelSecret, Delivery, LiveCursor, LiveEvent, Notification
from backend.notifications.service import Notice, emit_live, notify
from tests.conftest import NOW, SignIn
from tests.factories import make_person, make_region
from tests.notifications.support import all_deliveries, live_events_of, make_channel, notifications_of, tell
from tests.relaying import drain


async def test_a_notification_has_its_row_its_live_event_and_its_delivery(session: AsyncSession) -> None:
    region = await make_region(session)
    person, other = await make_person(session, region=region), await make_person(session, region=region)
    channel = await make_channel(session, region)
    subject = uuid4()
    await tell(session, [person], kind="lead.assigned", subject_type="lead", subject_id=subject, is_urgent=True)
    (row,) = await notifications_of(session, person)
    assert (row.kind, row.params, row.subject_type, row.subject_id, row.is_urgent, row.created_at, row.read_at) == (
        "lead.assigned", {"company": "苏州精工机械"}, "lead", subject, True, NOW, None,
    )  # fmt: skip
    (event,) = await live_events_of(session, person.id)
    assert (event.seq, event.kind, event.at) == (1, "notification", NOW)
    assert event.payload == {
        "id": str(row.id),
        "kind": "lead.assigned",
        "params": {"company": "苏州精工机械"},
        "subject_type": "lead",
        "subject_id": str(subject),
        "is_urgent": True,
        "created_at": "2026-03-10T02:00:00Z",
        "read_at": None,
    }
    (delivery,) = await all_deliveries(session)
    assert (delivery.channel_id, delivery.notification_id, delivery.person_id) == (channel.id, row.id, person.id)
    assert (delivery.state, delivery.attempts, delivery.next_at, delivery.is_urgent) == ("pending", 0, None, True)
    assert await notifications_of(session, other) == []


async def test_many_people_take_one_round_trip(session: AsyncSession, connection: AsyncConnection) -> None:
    people = [await make_person(session) for _ in range(5)]
    await make_channel(session)
    driver: Any = (await connection.get_raw_connection()).driver_connection
    statements: list[str] = []
    with driver.query_logger(lambda record: statements.append(record.query)):
        await tell(session, [*people, people[0]])
        await asyncio.sleep(0)  # the driver reports in the next turn of the loop
    assert len(statements) == 1
    assert await session.scalar(select(func.count()).select_from(Notification)) == 5
    assert await session.scalar(select(func.count()).select_from(Delivery)) == 5


async def test_what_it_shows_besides_follows_the_notification(session: AsyncSession) -> None:
    first, second = await make_person(session), await make_person(session)
    await tell(session, [first, second], shows=("lead.assigned", {"number": "L-1"}))
    for person in (first, second):
        events = await live_events_of(session, person.id)
        assert [(event.seq, event.kind) for event in events] == [(1, "notification"), (2, "lead.assigned")]
        assert events[1].payload == {"number": "L-1"}


async def test_nobody_to_tell_writes_nothing(session: AsyncSession) -> None:
    await tell(session, [])
    await emit_live(session, [], "lead.changed", {}, NOW)
    await run_before_commit(session)
    assert await session.scalar(select(func.count()).select_from(LiveEvent)) == 0


async def test_live_numbers_count_without_gaps_per_person(session: AsyncSession) -> None:
    first, second = await make_person(session), await make_person(session)
    await emit_live(session, [first.id], "lead.changed", {"at": NOW, "id": first.id}, NOW)
    await run_before_commit(session)
    await tell(session, [first, second])
    await emit_live(session, [second.id, first.id], "lead.changed", {"n": 3}, NOW)
    await run_before_commit(session)
    assert [(event.seq, event.kind) for event in await live_events_of(session, first.id)] == [
        (1, "lead.changed"),
        (2, "notification"),
        (3, "lead.changed"),
    ]
    assert [event.seq for event in await live_events_of(session, second.id)] == [1, 2]
    assert (await live_events_of(session, first.id))[0].payload == {"at": "2026-03-10T02:00:00Z", "id": str(first.id)}


async def test_the_nearest_channels_serve_a_person(session: AsyncSession) -> None:
    east = await make_region(session)
    suzhou = await make_region(session, parent_id=east.id)
    north = await make_region(session)
    company, of_east, _off = (
        await make_channel(session),
        await make_channel(session, east),
        await make_channel(session, suzhou, is_active=False),
    )
    rep = await make_person(session, region=suzhou)
    northerner, boss = await make_person(session, region=north), await make_person(session, "administrator")
    await tell(session, [rep, northerner, boss])
    served = {delivery.person_id: delivery.channel_id for delivery in await all_deliveries(session)}
    assert served == {rep.id: of_east.id, northerner.id: company.id, boss.id: company.id}


async def test_without_a_channel_or_not_meant_for_channels_there_is_no_delivery(session: AsyncSession) -> None:
    region = await make_region(session)
    person = await make_person(session, region=region)
    await tell(session, [person])
    await make_channel(session, region)
    await tell(session, [person], through_channels=False)
    assert await all_deliveries(session) == []
    assert len(await notifications_of(session, person)) == 2


@pytest.mark.parametrize("lens", [Lens.PERSON, Lens.MACHINE, Lens.SYSTEM])
async def test_every_lens_may_announce_to_others(session: AsyncSession, lens: Lens) -> None:
    actor, other = await make_person(session), await make_person(session)
    await make_channel(session)
    async with transaction(lens, str(actor.id)) as bound:
        await tell(bound, [other])
        await emit_live(bound, [other.id], "lead.changed", {}, NOW)
    assert len(await notifications_of(session, other)) == 1
    assert [event.seq for event in await live_events_of(session, other.id)] == [1, 2]


async def test_a_person_sees_own_notifications_and_position_only(session: AsyncSession) -> None:
    owner, other = await make_person(session), await make_person(session, "administrator")
    await tell(session, [owner])
    async with transaction(Lens.PERSON, str(other.id)) as bound:
        assert await bound.scalar(select(func.count()).select_from(Notification)) == 0
        assert await bound.scalar(select(func.count()).select_from(LiveCursor)) == 0
    async with transaction(Lens.PERSON, str(owner.id)) as bound:
        assert await bound.scalar(select(func.count()).select_from(Notification)) == 1
        assert await bound.scalar(select(func.count()).select_from(LiveCursor)) == 1


@pytest.mark.parametrize("lens", [Lens.OWN, Lens.REGION, Lens.COMPANY, Lens.MACHINE, Lens.AUTH])
async def test_no_other_lens_sees_notifications(session: AsyncSession, lens: Lens) -> None:
    owner = await make_person(session, "administrator")
    await tell(session, [owner])
    await bind(session, lens, str(owner.id))
    with pytest.raises(DBAPIError, match="permission denied"):
        await session.scalar(select(func.count()).select_from(Notification))


async def test_nobody_but_the_sender_reads_credentials(session: AsyncSession) -> None:
    administrator, rep = await make_person(session, "administrator"), await make_person(session)
    await make_channel(session)
    async with transaction(Lens.PERSON, str(administrator.id)) as bound:
        assert await bound.scalar(select(func.count()).select_from(Channel).where(Channel.kind == "dingtalk_robot")) == 1
        with pytest.raises(DBAPIError, match="permission denied"):
            async with bound.begin_nested():
                await bound.scalars(select(ChannelSecret))
    async with transaction(Lens.PERSON, str(rep.id)) as bound:
        assert await bound.scalar(select(func.count()).select_from(Channel)) == 0


async def test_ended_sessions_reach_the_open_streams(session: AsyncSession, sign_in: SignIn) -> None:
    assert subscriptions.HANDLERS
    person = await make_person(session)
    await sign_in(person)
    await end_sessions(session, person.id, NOW, reason="signed_out")
    await session.execute(select(func.set_config("role", "none", True)))
    assert await drain(session, NOW) == 1
    (event,) = await live_events_of(session, person.id)
    assert (event.kind, len(event.payload["session_ids"])) == ("session.ended", 1)


async def test_live_events_are_kept_for_a_week(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await make_person(session)
    for age in (timedelta(days=7, seconds=1), timedelta(days=7), timedelta()):
        await emit_live(session, [person.id], "lead.changed", {}, NOW - age)
        await run_before_commit(session)
    monkeypatch.setattr("backend.notifications.jobs.product_now", lambda: NOW)
    monkeypatch.setattr("backend.core.pruning.BATCH", 1)
    assert await prune_live_events({}) == 1
    assert [event.seq for event in await live_events_of(session, person.id)] == [2, 3]


async def test_unknown_people_are_refused(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError, match="fk_notification_person_id"):
        await notify(session, Notice([uuid4()], "x", {}, None, None), now=NOW)
        await run_before_commit(session)
