"""Sweeps that run twice, and a vendor that is away."""

import signal
import time
from uuid import UUID

from backend.core.clock import real_now
from backend.leads import unowned
from tests.factories import make_lead
from tests.faults.harness import WITHIN, Site, report
from tests.simulators.company import owner_session
from tests.simulators.dingtalk import running_dingtalk
from tests.simulators.installation import eventually

ESCALATIONS = """
select l.id, l.escalation_level as level,
    (select count(*) from timeline_entry t where t.subject_id = l.id and t.kind = 'lead.escalated') as entries,
    (select count(*) from notification n where n.subject_id = l.id and n.kind = 'lead.escalated') as told
from lead l where l.id = any($1::uuid[])
"""
SENT_BY = "select count(*) from delivery where channel_id = $1 and state = 'sent'"


async def test_two_workers_sweeping_at_once_escalate_once(site: Site) -> None:
    site.installation.worker()
    leads = [await site.post() for _ in range(12)]
    await site.all_once(leads)
    site.installation.worker("other")
    site.installation.move_clock(hours=49)
    try:

        async def escalated() -> bool:
            rows = await site.installation.rows(ESCALATIONS, [UUID(lead) for lead in leads])
            return all(row["level"] == 1 for row in rows)

        await eventually(escalated, WITHIN, "escalations")
        await site.fence()
        rows = await site.installation.rows(ESCALATIONS, [UUID(lead) for lead in leads])
        assert [(row["level"], row["entries"], row["told"]) for row in rows] == [(1, 1, 1)] * len(leads)
    finally:
        site.installation.move_clock(hours=0)


UNOWNED = """
select l.id,
    (select count(*) from notification n where n.subject_id = l.id and n.kind = 'lead.unowned' and n.person_id = $2) as told,
    (select count(*) from deadline d where d.subject_id = l.id and d.kind = 'lead.unowned' and d.rung = 'reminder' and d.state = 'fired') as fired,
    (select count(*) from deadline d where d.subject_id = l.id and d.kind = 'lead.unowned' and d.rung = 'daily' and d.state = 'pending') as next
from lead l where l.id = any($1::uuid[])
"""
STEPS = ("relay.deadline.fired.claimed", "relay.deadline.fired.handled")


async def test_a_worker_that_dies_while_a_lead_without_an_owner_climbs_leaves_it_to_the_next_which_tells_once(site: Site) -> None:
    async with owner_session(site.installation) as session:
        waiting = [await make_lead(session, pooled_at=real_now(), received_at=real_now()) for _ in range(3)]
        for lead in waiting:
            await unowned.start(session, lead.id, real_now())
    leads = [lead.id for lead in waiting]
    site.installation.move_clock(hours=5)
    try:
        for step in STEPS:
            async with site.paused_worker(step) as held:
                await held.reached()
            rows = await site.installation.rows(UNOWNED, leads, site.company.administrator)
            assert [row["told"] for row in rows] == [0] * len(leads), step
        started = time.monotonic()
        site.installation.worker()

        async def told() -> bool:
            rows = await site.installation.rows(UNOWNED, leads, site.company.administrator)
            return all(row["told"] for row in rows)

        await eventually(told, WITHIN, "the reminders after the restart")
        report("worker killed on a ladder without an owner", recovery_seconds=time.monotonic() - started)
        site.installation.end("worker", signal.SIGKILL)
        site.installation.worker()
        await site.fence()
        rows = await site.installation.rows(UNOWNED, leads, site.company.administrator)
        assert [(row["told"], row["fired"], row["next"]) for row in rows] == [(1, 1, 1)] * len(leads)
    finally:
        site.installation.move_clock(hours=0)


async def test_a_vendor_that_is_away_holds_up_no_lead_and_gets_its_messages_later(site: Site) -> None:
    from backend.notifications.models import Channel, ChannelSecret

    async with running_dingtalk() as dingtalk:
        dingtalk.always = "refuse"
        dingtalk.add_robot("robot-of-the-tests")
        async with owner_session(site.installation) as session:
            channel = Channel(kind="dingtalk_robot", name="销售群", is_active=True, config={}, region_id=None)
            session.add(channel)
            await session.flush()
            session.add(ChannelSecret(channel_id=channel.id, access_token="robot-of-the-tests", secret=None))
        site.installation.worker(CHENGDAN_DINGTALK_BASE_URL=dingtalk.url)
        leads = [await site.post() for _ in range(3)]
        seconds = await site.all_once(leads)
        await dingtalk.wait_for_calls(1, WITHIN)
        assert await site.installation.value(SENT_BY, channel.id) == 0
        dingtalk.always = None

        async def sent() -> bool:
            open_ones = await site.installation.value(
                "select count(*) from delivery d join notification n on n.id = d.notification_id"
                " where d.state <> 'sent' and n.kind = 'lead.assigned' and n.subject_id = any($1::uuid[])",
                [UUID(lead) for lead in leads],
            )
            return int(open_ones) == 0

        await eventually(sent, WITHIN, "deliveries")
        await site.fence()
        announced = [line for message in dingtalk.shown for line in message.splitlines() if "话术" not in line]
        for lead in leads:
            number = await site.installation.value("select number from lead where id = $1", UUID(lead))
            assert sum(f"{number:08d}" in line for line in announced) == 1
        async with owner_session(site.installation) as session:
            (await session.get_one(Channel, channel.id)).is_active = False
    report("vendor away", seconds_to_assign=seconds)
