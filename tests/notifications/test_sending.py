"""The sender against the local robot server, with committed data and real connections."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from backend.core.db import Lens, transaction
from backend.identity.models import Person
from backend.integrations.answers import Answer, Outcome
from backend.integrations.dingtalk.client import Robot, RobotClient
from backend.notifications import jobs, rules, sending
from backend.notifications.models import Channel, ChannelHealth, ChannelMessage, Delivery, Notification
from backend.notifications.rules import ChannelKind
from backend.notifications.ways import RobotMessage, Ways
from tests.conftest import NOW, Committed
from tests.factories import make_person
from tests.notifications.support import SECRET, all_deliveries, make_channel, tell
from tests.simulators.dingtalk import DingTalk, running_dingtalk


class World:
    """One rep, one administrator, one company-wide robot, and a clock that both sides read."""

    def __init__(self, committed: Committed) -> None:
        self.committed = committed
        self.now = NOW
        self.dingtalk: DingTalk
        self.ways: Ways
        self.rep: Person
        self.administrator: Person
        self.channel: Channel

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    async def set_up(self) -> None:
        async with self.committed.owner() as session:
            self.rep = await make_person(session, name="张磊", dingtalk_mobile="13800000000")
            self.administrator = await make_person(session, "administrator")
            self.channel = await make_channel(session, name="全公司")
        self.dingtalk.add_robot("token-全公司", secret=SECRET)

    async def tell(self, companies: Iterable[str], **fields: Any) -> None:
        async with transaction(Lens.SYSTEM, "system:test") as session:
            for company in companies:
                await tell(session, [self.rep], company, **fields)

    async def serve(self) -> int:
        return await jobs.serve_channel(self.ways, self.channel.id)

    async def deliveries(self) -> list[Delivery]:
        async with self.committed.owner() as session:
            return await all_deliveries(session)

    async def health(self) -> ChannelHealth:
        async with self.committed.owner() as session:
            return await session.get_one(ChannelHealth, self.channel.id)

    async def bell(self) -> list[tuple[str, dict[str, Any]]]:
        """What the administrator was told."""
        async with self.committed.owner() as session:
            rows = await session.scalars(
                select(Notification).where(Notification.person_id == self.administrator.id).order_by(Notification.id)
            )
            return [(row.kind, row.params) for row in rows]

    def named(self) -> Counter[str]:
        """How often the members of the group can read each company."""
        return Counter(re.findall(r"厂\w+", " ".join(self.dingtalk.shown)))


@pytest.fixture
async def world(committed: Committed, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    made = World(committed)
    monkeypatch.setattr(jobs, "real_now", made.clock)
    monkeypatch.setattr(jobs, "product_now", made.clock)
    async with running_dingtalk(made.clock) as dingtalk, httpx.AsyncClient(trust_env=False) as http:
        made.dingtalk, made.ways = dingtalk, Ways(RobotClient(http, dingtalk.url, made.clock))
        monkeypatch.setattr(jobs, "open_ways", lambda _: nullcontext(made.ways))
        await made.set_up()
        yield made


def factories(count: int) -> list[str]:
    return [f"厂{number:03}" for number in range(count)]


async def test_a_delivery_arrives_with_a_mention_and_its_state_shows(world: World) -> None:
    await world.tell(["厂1"])
    assert await world.serve() == 1
    assert world.dingtalk.shown == ["#### 提醒\n> 厂1\n\n张磊 @13800000000"]
    (delivery,) = await world.deliveries()
    assert (delivery.state, delivery.attempts, delivery.sent_at, delivery.last_error) == ("sent", 1, world.now, None)
    async with world.committed.owner() as session:
        message = (await session.scalars(select(ChannelMessage))).one()
    assert (message.id, message.outcome, message.finished_at, message.deliveries) == (delivery.message_id, "ok", world.now, 1)


async def test_a_burst_of_200_arrives_as_singles_and_digests_with_every_lead_named_once(world: World) -> None:
    await world.tell(factories(200))
    for _ in range(90):
        await world.serve()
        world.pass_time(seconds=1)
    assert world.named() == Counter(factories(200))
    assert {call.answer["errcode"] for call in world.dingtalk.calls} == {0}
    sizes = [call.text.count("厂") for call in world.dingtalk.calls]
    assert sizes == [1] * 10 + [100, 90]
    assert {delivery.state for delivery in await world.deliveries()} == {"sent"}


async def test_a_long_stream_never_exceeds_the_rolling_minute(world: World) -> None:
    sent = 0
    for second in range(100):
        if second < 75:
            await world.tell([f"厂{second}a", f"厂{second}b", f"厂{second}c"])
            sent += 3
        await world.serve()
        world.pass_time(seconds=1)
    assert {call.answer["errcode"] for call in world.dingtalk.calls} == {0}
    assert world.named().total() == sent
    assert len(world.named()) == sent
    times = [call.at for call in world.dingtalk.calls]
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))
    assert any(later - earlier >= 5 for earlier, later in pairwise(times))


async def test_many_senders_at_once_keep_the_limit_and_send_nothing_twice(world: World) -> None:
    await world.tell(factories(150))
    await asyncio.gather(*(world.serve() for _ in range(8)))
    assert len(world.dingtalk.calls) == rules.SINGLES_A_MINUTE
    for _ in range(4):
        world.pass_time(seconds=5)
        await asyncio.gather(*(world.serve() for _ in range(8)))
    assert world.named() == Counter(factories(150))
    assert {call.answer["errcode"] for call in world.dingtalk.calls} == {0}
    async with world.committed.owner() as session:
        assert await session.scalar(select(func.sum(ChannelMessage.deliveries))) == 150


async def test_urgent_goes_first(world: World) -> None:
    await world.tell(["厂慢1", "厂慢2"])
    await world.tell(["厂急"], is_urgent=True)
    await world.serve()
    assert list(world.named()) == ["厂急", "厂慢1", "厂慢2"]


@pytest.mark.parametrize("fault", ["bad_json", "refuse", {"errcode": -1, "errmsg": "系统繁忙"}])
async def test_a_passing_fault_is_retried_after_a_pause(world: World, fault: Any) -> None:
    world.dingtalk.faults.append(fault)
    await world.tell(["厂1", "厂2"])
    assert await world.serve() == 1
    first, second = await world.deliveries()
    assert (first.state, first.attempts, second.attempts) == ("pending", 1, 0)
    assert first.last_error
    assert first.next_at is not None
    assert timedelta(seconds=2) <= first.next_at - world.now < timedelta(seconds=3)
    world.pass_time(seconds=1)
    assert await world.serve() == 0
    world.pass_time(seconds=2)
    assert await world.serve() == 2
    assert world.named() == Counter(["厂1", "厂2"])
    assert [(row.state, row.last_error) for row in await world.deliveries()] == [("sent", None)] * 2
    health = await world.health()
    assert (health.failures, health.blocked_until, health.problem) == (0, None, None)
    assert await world.bell() == []


async def test_an_answer_lost_on_the_way_is_sent_again(world: World) -> None:
    world.dingtalk.faults.append("drop")
    await world.tell(["厂1"])
    await world.serve()
    world.pass_time(seconds=3)
    await world.serve()
    assert world.named() == Counter({"厂1": 2})


async def test_a_throttled_robot_is_silent_for_a_minute_and_loses_nothing(world: World) -> None:
    world.dingtalk.faults += ["throttle", "flood"]
    await world.tell(["厂1", "厂2"])
    for seconds in (59, 1):
        await world.serve()
        assert [(row.state, row.attempts) for row in await world.deliveries()] == [("pending", 0)] * 2
        world.pass_time(seconds=seconds)
    assert len(world.dingtalk.calls) == 1
    assert await world.serve() == 1
    assert (await world.health()).blocked_until == world.now + timedelta(minutes=2)
    world.pass_time(minutes=2)
    assert await world.serve() == 2
    assert world.named() == Counter(["厂1", "厂2"])
    assert await world.bell() == []


async def test_a_robot_that_must_be_repaired_stops_and_administrators_hear_once(world: World) -> None:
    world.dingtalk.robots["token-全公司"].is_stopped = True
    await world.tell(factories(3))
    for _ in range(3):
        await world.serve()
        world.pass_time(hours=1)
    assert [row.state for row in await world.deliveries()] == ["dead", "pending", "pending"]
    assert len(world.dingtalk.calls) == 1
    health = await world.health()
    assert (health.broken_at, health.problem) == (NOW, "400102 robot is stopped")
    assert await world.bell() == [("channel.failing", {"channel": "全公司", "problem": "400102 robot is stopped"})]


async def test_after_the_repair_a_replay_brings_everything(world: World) -> None:
    world.dingtalk.robots["token-全公司"].is_stopped = True
    await world.tell(factories(3))
    await world.serve()
    world.dingtalk.robots["token-全公司"].is_stopped = False
    async with world.committed.owner() as session:
        dead = (await session.scalars(select(Delivery).where(Delivery.state == "dead"))).one()
        dead.state, dead.attempts = "pending", 0
        (await session.get_one(ChannelHealth, world.channel.id)).broken_at = None
    await world.serve()
    assert world.named() == Counter(factories(3))
    assert (await world.health()).told_at is None


async def test_a_message_that_cannot_pass_is_dead_but_the_robot_goes_on(world: World) -> None:
    world.dingtalk.faults.append({"errcode": 400105, "errmsg": "unsupported msgtype"})
    await world.tell(["厂1", "厂2"])
    await world.serve()
    assert [row.state for row in await world.deliveries()] == ["dead", "sent"]
    assert await world.bell() == [("delivery.dead", {"channel": "全公司", "problem": "400105 unsupported msgtype"})]


async def test_twelve_failures_are_the_end_and_administrators_hear_once(world: World) -> None:
    world.dingtalk.always = "bad_json"
    await world.tell(["厂1", "厂2"])
    while any(row.state != "dead" for row in await world.deliveries()):
        await world.serve()
        world.pass_time(minutes=100)
    assert len(world.dingtalk.calls) == 24
    assert [row.attempts for row in await world.deliveries()] == [rules.MAX_ATTEMPTS] * 2
    assert [kind for kind, _ in await world.bell()] == ["delivery.dead"]


async def claim(world: World) -> sending.Outgoing | None:
    async with transaction(Lens.SYSTEM, jobs.ACTOR) as session:
        return await sending.claim(session, world.channel.id, world.now)


async def record(world: World, outgoing: sending.Outgoing, answer: Answer) -> None:
    async with transaction(Lens.SYSTEM, jobs.ACTOR) as session:
        await sending.record(session, outgoing, answer, world.now, world.now)


async def test_a_channel_is_claimed_by_one_sender_at_a_time(world: World) -> None:
    await world.tell(["厂1", "厂2"])
    async with transaction(Lens.SYSTEM, jobs.ACTOR) as session:
        assert await sending.claim(session, world.channel.id, world.now)
        assert await claim(world) is None
    assert await claim(world)


async def test_what_a_dead_sender_held_is_sent_after_its_lease(world: World) -> None:
    await world.tell(["厂1"])
    assert await claim(world)
    world.pass_time(seconds=59)
    assert await jobs.work_waiting() == []
    world.pass_time(seconds=1)
    assert await jobs.work_waiting() == [world.channel.id]
    await world.serve()
    assert world.named() == Counter(["厂1"])
    (delivery,) = await world.deliveries()
    assert (delivery.state, delivery.attempts) == ("sent", 2)


async def test_an_answer_after_the_lease_still_counts(world: World) -> None:
    await world.tell(["厂1"])
    outgoing = await claim(world)
    assert outgoing
    world.pass_time(seconds=61)
    assert await jobs.work_waiting() == [world.channel.id]
    await record(world, outgoing, Answer(Outcome.OK, 0, "ok"))
    assert await world.serve() == 0
    assert [row.state for row in await world.deliveries()] == ["sent"]


async def test_a_late_answer_does_not_touch_what_another_sender_took_over(world: World) -> None:
    await world.tell(["厂1"])
    late = await claim(world)
    assert late
    world.pass_time(seconds=61)
    await jobs.work_waiting()
    assert await claim(world)
    await record(world, late, Answer(Outcome.PERMANENT, 400105, "no"))
    assert [row.state for row in await world.deliveries()] == ["sending"]


async def test_an_unanswered_message_counts_against_the_limit(world: World) -> None:
    await world.tell(factories(25))
    held = [await claim(world) for _ in range(10)]
    assert None not in held
    assert await claim(world) is None
    world.pass_time(seconds=5)
    assert await claim(world)


async def test_the_long_lived_sender_wakes_at_the_bell_and_a_slow_robot_holds_up_no_other(world: World) -> None:
    async with world.committed.owner() as session:
        await make_channel(session, name="快群")
    world.dingtalk.add_robot("token-快群", secret=SECRET)
    sender = jobs.Sender()
    running = asyncio.create_task(sender.run())
    try:
        world.dingtalk.faults.append("slow")
        await world.tell(["厂1"])
        sender.ring()
        await world.dingtalk.wait_for_held()
        await world.dingtalk.wait_for_calls(1)
        assert world.named() == Counter(["厂1"])
        world.dingtalk.slow_gate.set()
        await world.dingtalk.wait_for_calls(2)
        assert {call.access_token for call in world.dingtalk.calls} == {"token-全公司", "token-快群"}
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_sweep_serves_all_channels(world: World) -> None:
    await world.tell(["厂1", "厂2"])
    assert await jobs.send_deliveries({}) == 2
    assert await jobs.send_deliveries({}) == 0


def test_credentials_do_not_show_in_a_claimed_message() -> None:
    outgoing = sending.Outgoing(UUID(int=1), UUID(int=2), ChannelKind.DINGTALK_ROBOT, RobotMessage(Robot("the-token", "the-secret"), {}), 1)
    assert "the-token" not in repr(outgoing)
    assert "the-secret" not in repr(outgoing)
