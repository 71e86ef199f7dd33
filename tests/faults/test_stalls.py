"""Deals that stand still, the report and the digest, while workers die and servers go: everybody is told once."""

import signal
import time
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from backend.core.clock import real_now
from backend.deadlines import rulebook
from tests.factories import make_customer, make_opportunity, make_person
from tests.faults.harness import WITHIN, Site, report
from tests.simulators.company import owner_session
from tests.simulators.installation import eventually
from tests.simulators.mail import Mailbox, serving_mail

TOLD = """
select kind, count(*) as many from notification
where person_id = $1 and kind in ('opportunity.stalled', 'opportunity.next_step_due', 'today.digest') group by kind
"""
REPORTS = "select count(*) from notification where person_id = $1 and kind = 'opportunity.report'"
SENT = "select count(*) from delivery where person_id = $1 and kind = 'opportunity.report' and state = 'sent'"
LEASE_ENDS = "update channel_message set started_at = started_at - interval '1 hour' where finished_at is null returning id"
STEPS = {
    "stalls.told": "sweep_stalls",
    "next_steps.told": "remind_next_steps",
    "report.sent": "report_exceptions",
    "digest.sent": "send_digests",
    "deliveries.claimed": "report_exceptions",
    "deliveries.sent": "report_exceptions",
}
"""Where a worker is held, and the job that brings it there."""
JOBS = ("sweep_stalls", "remind_next_steps", "report_exceptions", "send_digests")
RUN_ANEW = "delete from daily_run"
ONCE = {"opportunity.stalled": 1, "opportunity.next_step_due": 1, "today.digest": 1}


async def next_morning(site: Site) -> timedelta:
    """How far it is to nine o'clock of a working day to come, on the company's clock."""
    async with owner_session(site.installation) as session:
        calendar = (await rulebook.read(session)).calendar
    opens = calendar.next_opening(calendar.close_of_working_day(real_now(), 1))
    return opens + timedelta(minutes=30) - real_now()


class Deal:
    """One deal that stands still, whose next step is due, of a rep whose superior has an address."""

    def __init__(self, site: Site, rep: Any, boss: Any, address: str) -> None:
        self.site, self.rep, self.boss, self.address = site, rep, boss, address

    async def told(self) -> dict[str, int]:
        return {row["kind"]: row["many"] for row in await self.site.installation.rows(TOLD, self.rep)}

    async def reports(self) -> int:
        return int(await self.site.installation.value(REPORTS, self.boss))

    async def is_done(self) -> bool:
        return await self.told() == ONCE and int(await self.site.installation.value(SENT, self.boss)) == 1


async def stalled_deal(site: Site, after: timedelta, name: str) -> Deal:
    now = real_now() + after
    async with owner_session(site.installation) as session:
        boss = await make_person(session, "regional_manager", email=f"{name}@hengyu.example")
        rep = await make_person(session, supervisor_id=boss.id, dingtalk_mobile="13800000001")
        customer = await make_customer(session, owner=rep)
        still = {
            "last_activity_at": now - timedelta(days=9),
            "advanced_at": now - timedelta(days=20),
            "stage_entered_at": now - timedelta(days=20),
        }
        await make_opportunity(session, customer, next_step="报价", next_step_at=now - timedelta(days=1), **still)
        return Deal(site, rep.id, boss.id, f"{name}@hengyu.example")


def mail_of(box: Mailbox) -> dict[str, str]:
    given = {"HOST": "127.0.0.1", "PORT": str(box.port), "SECURITY": "none", "FROM": "成单 <sales@hengyu.example>", "TIMEOUT_SECONDS": "5"}
    return {f"CHENGDAN_SMTP_{name}": value for name, value in given.items()}


@pytest.fixture
async def morning(site: Site) -> Any:
    after = await next_morning(site)
    site.installation.move_clock(seconds=after.total_seconds())
    yield after
    site.installation.move_clock(hours=0)


async def all_done(deals: list[Deal]) -> bool:
    return all([await deal.is_done() for deal in deals])


async def told_once(site: Site, deals: list[Deal], box: Mailbox) -> None:
    """Behind the fence everybody has been told once, and every letter is one by its Message-ID."""
    await site.fence()
    for deal in deals:
        assert (await deal.told(), await deal.reports()) == (ONCE, 1)
        assert len({message["Message-ID"] for message in box.to(deal.address)}) == 1


async def test_a_worker_killed_at_every_step_tells_once_and_sends_one_letter(site: Site, morning: timedelta) -> None:
    with serving_mail(Mailbox()) as box:
        mail, deals = mail_of(box), []
        for number, (step, job) in enumerate(STEPS.items()):
            deals.append(await stalled_deal(site, morning, f"killed{number}"))
            await site.installation.rows(RUN_ANEW)
            await site.ask_for(job)
            async with site.paused_worker(step, **mail) as held:
                await held.reached()
        await site.installation.rows(LEASE_ENDS)
        await site.installation.rows(RUN_ANEW)
        started = time.monotonic()
        site.installation.worker(**mail)
        await site.ask_for(*JOBS)
        await eventually(lambda: all_done(deals), 2 * WITHIN, "everybody is told and the letters are sent")
        report("worker killed while deals stand still", recovery_seconds=time.monotonic() - started)
        site.installation.end("worker", signal.SIGKILL)
        site.installation.worker("other", **mail)
        await site.installation.rows(RUN_ANEW)
        await told_once(site, deals, box)


async def test_two_workers_while_redis_is_flushed_and_postgresql_restarts_tell_once(site: Site, morning: timedelta) -> None:
    with serving_mail(Mailbox()) as box:
        mail, deals = mail_of(box), [await stalled_deal(site, morning, f"servers{number}") for number in range(3)]
        await site.installation.rows(RUN_ANEW)
        await site.ask_for(*JOBS)
        site.installation.worker(**mail)
        site.installation.worker("other", **mail)
        async with Redis.from_url(site.installation.valkey.url) as redis:
            await redis.flushall()
        site.installation.stop_postgres()
        site.installation.start_postgres()
        await site.ask_for(*JOBS, *JOBS)
        await eventually(lambda: all_done(deals), 3 * WITHIN, "everybody is told and the letters are sent")
        await told_once(site, deals, box)
