"""Processes ended by kill -9 at chosen points: what got 202 is assigned once and announced once."""

import asyncio
import os
import signal
from uuid import uuid4

from tests.faults.harness import Held, Site, new_message, report
from tests.simulators.installation import eventually

STEPS = (
    "relay.lead.received.claimed",
    "leads.assigned.before_commit",
    "relay.lead.received.handled",
)


async def test_a_lead_outlives_a_worker_at_every_step_before_its_commit(site: Site) -> None:
    """The same lead meets one death after the other."""
    async with site.listening(site.company.everybody) as phones:
        lead = await site.post()
        for step in STEPS:
            async with site.paused_worker(step) as held:
                await held.reached()
            assert await site.installation.value("select count(*) from lead where owner_id is not null and id = $1::uuid", lead) == 0, step
        site.installation.worker()
        recovery = await site.all_once([lead])
        await phones.show_once([lead])
    report("worker killed at every step", recovery_seconds=recovery, steps=len(STEPS))


async def test_a_worker_that_dies_after_its_commit_has_announced_the_lead(site: Site) -> None:
    """No wake-up was ever sent: the phone gets the lead when it comes back, and an open one by itself."""
    async with site.listening(site.company.everybody) as phones:
        async with site.paused_worker("live.committed") as held:
            lead = await site.post()
            await held.reached()
        await site.all_once([lead], within=1)
        async with site.listening([await site.owner_of(lead)], last_event_id=0) as back:
            await eventually(lambda: _shows(back.leads, lead), 5, "the lead on a phone that came back")
        await phones.show_once([lead])


async def _shows(leads: dict[str, int], lead: str) -> bool:
    return lead in leads


async def test_another_worker_takes_over_at_once(site: Site) -> None:
    site.installation.worker("other")
    await site.all_once([await site.post()])
    os.kill(site.installation.processes["other"].process.pid, signal.SIGSTOP)
    async with site.paused_worker("relay.lead.received.handled") as held:
        lead = await site.post()
        await held.reached()
        os.kill(site.installation.processes["other"].process.pid, signal.SIGCONT)
    recovery = await site.all_once([lead])
    report("worker killed beside another", recovery_seconds=recovery)
    assert recovery < 10


async def test_a_retry_after_a_lost_answer_makes_no_second_lead(site: Site) -> None:
    """The API dies after its commit: no answer, and the website sends the same message again."""
    site.installation.worker()
    marker, message = site.installation.home / f"pause-{uuid4().hex}", new_message()
    site.installation.api("paused", pause=f"webhooks.received.committed:{marker}")
    unanswered = asyncio.create_task(site.try_post(message, api="paused", number=77))
    await Held(marker).reached()
    site.installation.end("paused", signal.SIGKILL)
    assert await unanswered is None
    lead = await site.post(message, number=77)
    assert lead == await site.post(message, number=77)
    assert await site.installation.value("select count(*) from submission where message_id = $1", message) == 1
    assert (
        await site.installation.value("select count(*) from lead l join submission s on s.lead_id = l.id where s.message_id = $1", message)
        == 1
    )
    await site.all_once([lead])


async def test_a_stopped_worker_and_api_end_by_themselves(site: Site) -> None:
    site.installation.worker()
    site.installation.api("second")
    lead = await site.post(api="second")
    await site.all_once([lead])
    assert site.installation.end("worker", signal.SIGTERM) == 0
    assert site.installation.end("second", signal.SIGTERM) in {0, -signal.SIGTERM}
