"""Posting as a website does, listening as a phone does, and the one question of all fault tests: exactly once?"""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from arq import create_pool
from arq.connections import RedisSettings
from arq.jobs import JobStatus
from redis.asyncio import Redis
from standardwebhooks import Webhook

from backend.core.live import LIVE_CHANNEL
from backend.worker import SWEEPS
from tests.simulators.company import FORM_KEY, FORM_SECRET, Company, sign_in, submission
from tests.simulators.installation import Installation, eventually

WITHIN = 30.0
numbers = count()
STATE = """
select l.id::text as lead, l.owner_id,
    (select count(*) from lead_assignment a where a.lead_id = l.id) as assignments,
    (select count(*) from notification n where n.subject_id = l.id and n.kind = 'lead.assigned') as notifications,
    (select count(*) from live_event e where e.kind = 'lead.assigned' and e.payload ->> 'id' = l.id::text and e.person_id = l.owner_id) as live,
    (select count(*) from outbox o where o.subject_id = l.id and o.kind = 'lead.received' and o.done_at is null) as waiting
from lead l where l.id = any($1::uuid[])
"""
ONCE = {"assignments": 1, "notifications": 1, "live": 1, "waiting": 0}
UNDER_WAY = """
select (select count(*) from outbox where done_at is null and dead_at is null) + (select count(*) from delivery where state = 'sending')
"""
OPEN_EVENTS = "select kind, subject_id::text, attempts, next_at, last_error from outbox where done_at is null order by id limit 20"
MARK = "select emit_live(jsonb_agg(jsonb_build_object('person_id', p, 'kind', 'fence', 'payload', '{}'::jsonb)), now()) from unnest($1::uuid[]) p"


class Site:
    def __init__(self, installation: Installation, company: Company) -> None:
        self.installation = installation
        self.company = company

    async def post(self, message_id: str | None = None, *, api: str = "api", patience: float = 20, number: int | None = None) -> str:
        """One lead; its id, once it is answered with 202."""
        answer = await self.try_post(message_id or new_message(), api=api, patience=patience, number=number)
        assert answer is not None
        assert answer.status_code == 202, answer.text
        return str(answer.json()["lead_id"])

    async def try_post(
        self, message_id: str, *, api: str = "api", patience: float = 20, number: int | None = None
    ) -> httpx.Response | None:
        """The answer, or None when there was none."""
        now, body = datetime.now(UTC), json.dumps(submission(next(numbers) if number is None else number))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(FORM_SECRET).sign(message_id, now, body),
        }
        async with httpx.AsyncClient(base_url=self.installation.addresses[api], timeout=patience) as client:
            try:
                return await client.post(f"/api/v1/inbound/forms/{FORM_KEY}", content=body, headers=headers)
            except httpx.TransportError:
                return None

    async def post_until_kept(self, message_id: str, number: int) -> str:
        """As a careful sender: the same message again until it is answered with 202."""

        async def attempt() -> str | None:
            answer = await self.try_post(message_id, number=number, patience=10)
            return str(answer.json()["lead_id"]) if answer is not None and answer.status_code == 202 else None

        return str(await eventually(attempt, WITHIN, "a 202"))

    async def all_once(self, leads: list[str], within: float = WITHIN) -> float:
        """Seconds until every lead is assigned; behind the fence each is assigned once and announced once."""
        started = time.monotonic()

        async def settled() -> bool:
            rows = await self._state(leads)
            return len(rows) == len(set(leads)) and all(row["owner_id"] and not row["waiting"] for row in rows)

        try:
            await eventually(settled, within, f"{len(leads)} leads assigned")
        except AssertionError as late:
            raise AssertionError(await self._what_waits(leads)) from late
        seconds = time.monotonic() - started
        await self.fence()
        for row in await self._state(leads):
            assert {name: row[name] for name in ONCE} == ONCE, row
        return seconds

    async def _what_waits(self, leads: list[str]) -> str:
        """For whoever reads a failure: the leads that are not settled, their events, and how the workers are."""
        rows = [row for row in await self._state(leads) if not row["owner_id"] or row["waiting"]]
        events = await self.installation.rows(OPEN_EVENTS)
        ended = {name: self.installation.processes[name].process.poll() for name in self.installation.workers}
        logs = "\n".join(self.installation.log(name) for name in self.installation.workers)
        return f"not settled: {rows}\nopen events: {events}\nworkers (None: alive): {ended}\n{logs}"

    async def fence(self) -> None:
        """Until nothing is under way, and the workers have swept once more: whatever would come a second time has come.

        Where no worker is left, nobody is there to do anything twice.
        """
        workers = len(self.installation.workers)
        if workers == 0:
            return
        await eventually(self._is_quiet, WITHIN, "no event open and no message being sent")
        if self.installation.valkey.process.poll() is None:
            await self._sweep_again(workers)
            await eventually(self._is_quiet, WITHIN, "no event open and no message being sent after the sweeps")

    async def _is_quiet(self) -> bool:
        return int(await self.installation.value(UNDER_WAY)) == 0

    async def _sweep_again(self, times: int) -> None:
        """Every sweep, so often that each worker can take one at the same time."""
        async with await create_pool(RedisSettings.from_dsn(self.installation.valkey.url)) as arq:
            jobs = [await arq.enqueue_job(sweep.__name__) for sweep, _ in SWEEPS for _ in range(times)]

            async def swept() -> bool:
                states = [await job.status() for job in jobs if job is not None]
                return len(states) == len(jobs) and set(states) <= {JobStatus.not_found, JobStatus.complete}

            await eventually(swept, WITHIN, "one more sweep of everything")

    async def ask_for(self, *jobs: str) -> None:
        """These jobs at once, before their minute comes."""
        async with await create_pool(RedisSettings.from_dsn(self.installation.valkey.url)) as arq:
            for job in jobs:
                await arq.enqueue_job(job)

    async def _state(self, leads: list[str]) -> list[dict[str, Any]]:
        return await self.installation.rows(STATE, [UUID(lead) for lead in leads])

    async def owner_of(self, lead: str) -> UUID:
        return UUID(str(await self.installation.value("select owner_id from lead where id = $1", UUID(lead))))

    @asynccontextmanager
    async def paused_worker(self, point: str, **environment: str) -> AsyncIterator["Held"]:
        """A worker that stops for ever at a point; killed without a chance to tidy up."""
        marker = self.installation.home / f"pause-{uuid4().hex}"
        name = f"paused-{marker.name}"
        self.installation.worker(name, pause=f"{point}:{marker}", **environment)
        try:
            yield Held(marker)
        finally:
            self.installation.end(name, signal.SIGKILL)

    @asynccontextmanager
    async def listening(self, people: list[UUID], last_event_id: int | None = None) -> AsyncIterator["Phones"]:
        """A phone for each person, open until the end."""
        tokens = await sign_in(self.installation, people)
        phones = Phones(self.installation, people)
        async with httpx.AsyncClient(
            base_url=self.installation.addresses["api"], timeout=None, limits=httpx.Limits(max_connections=None)
        ) as client:
            tasks = [asyncio.create_task(phones.listen(client, token, last_event_id)) for token in tokens]
            try:
                await eventually(phones.are_open(len(people)), 20, "open streams")
                yield phones
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


class Held:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    async def reached(self) -> None:
        async def exists() -> bool:
            return self.marker.exists()

        await eventually(exists, WITHIN, f"a process at its pause point ({self.marker})")


class Phones:
    """What the open streams have shown: leads by how often."""

    def __init__(self, installation: Installation, people: list[UUID]) -> None:
        self.installation = installation
        self.people = people
        self.open = 0
        self.fences = 0
        self.leads: dict[str, int] = {}

    def are_open(self, wanted: int) -> Any:
        async def look() -> bool:
            return self.open >= wanted

        return look

    async def listen(self, client: httpx.AsyncClient, token: str, last_event_id: int | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": str(last_event_id)} if last_event_id is not None else {})
        async with client.stream("GET", "/api/v1/live", headers=headers) as answer:
            assert answer.status_code == 200
            kind = ""
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                    self.open += kind == "ready"
                    self.fences += kind == "fence"
                elif name == "data" and kind == "lead.assigned":
                    lead = json.loads(value)["id"]
                    self.leads[lead] = self.leads.get(lead, 0) + 1

    async def show_once(self, leads: list[str], within: float = WITHIN) -> None:
        """Each lead on one phone, once: a mark behind everything has passed every stream before the leads are counted."""

        async def arrived() -> bool:
            return set(leads) <= set(self.leads)

        await eventually(arrived, within, "the leads on the phones")
        await self._fence()
        assert {lead: self.leads[lead] for lead in leads} == dict.fromkeys(leads, 1)

    async def _fence(self) -> None:
        wanted = self.fences + len(self.people)
        await self.installation.value(MARK, self.people)
        if self.installation.valkey.process.poll() is None:
            async with Redis.from_url(self.installation.valkey.url) as redis:
                await redis.publish(LIVE_CHANNEL, "")

        async def passed() -> bool:
            return self.fences >= wanted

        await eventually(passed, WITHIN, "the mark behind everything on every phone")


def new_message() -> str:
    return f"msg_{uuid4().hex}"


def report(what: str, **figures: float) -> None:
    """One JSON line for the log (`pytest -s` shows it)."""
    print(json.dumps({"fault": what, **{name: round(value, 3) for name, value in figures.items()}}), flush=True)
