"""Valkey and PostgreSQL stopped, flushed, killed and restarted under load: no lead is lost, none is doubled."""

import asyncio
import signal
import time

import pytest
from redis.asyncio import Redis

from tests.faults.harness import Site, new_message, report


async def test_leads_reach_phones_while_valkey_is_dead_and_after_it_came_back(site: Site) -> None:
    site.installation.worker()
    async with site.listening(site.company.everybody) as phones:
        before = [await site.post() for _ in range(3)]
        await site.all_once(before)
        site.installation.stop_valkey()
        try:
            started = time.monotonic()
            during = [await site.post() for _ in range(5)]
            await site.all_once(during)
            await phones.show_once(before + during)
            dead = time.monotonic() - started
        finally:
            site.installation.start_valkey()
        started = time.monotonic()
        after = [await site.post() for _ in range(5)]
        await site.all_once(after)
        await phones.show_once(before + during + after)
        report("valkey killed", seconds_while_dead=dead, seconds_after=time.monotonic() - started)
        assert dead < 10


async def test_valkey_flushed_in_mid_flight_loses_nothing(site: Site) -> None:
    """Leads are waiting when everything in Redis goes; a worker that starts later finds them in the database."""
    waiting = [await site.post() for _ in range(5)]
    async with Redis.from_url(site.installation.valkey.url) as redis:
        await redis.flushall()
    site.installation.worker()
    recovery = await site.all_once(waiting)
    flying = [asyncio.create_task(site.post()) for _ in range(10)]
    async with Redis.from_url(site.installation.valkey.url) as redis:
        await redis.flushall()
    await site.all_once(list(await asyncio.gather(*flying)))
    report("valkey flushed", recovery_seconds=recovery)
    assert recovery < 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_postgresql_restarted_under_load_loses_no_lead(site: Site, number: signal.Signals) -> None:
    site.installation.worker()
    async with site.listening(site.company.everybody) as phones:
        first = [await site.post() for _ in range(2)]
        await site.all_once(first)
        posts = [asyncio.create_task(site.post_until_kept(new_message(), number=index)) for index in range(30)]
        await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(site.installation.stop_postgres, number)
        posts += [asyncio.create_task(site.post_until_kept(new_message(), number=index)) for index in range(10)]
        site.installation.start_postgres()
        started = time.monotonic()
        leads = list(await asyncio.gather(*posts))
        assert len(set(leads)) == len(leads)
        await site.all_once(leads)
        recovery = time.monotonic() - started
        await phones.show_once(leads)
    report(f"postgresql {number.name} under load", recovery_seconds=recovery, leads=len(leads))
    assert recovery < 20
