"""Events that the relay gave up: an administrator sees them and has them tried again, once, however many people press."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import Lens, bind, transaction
from backend.core.outbox import Outbox, OutboxRow
from backend.core.relay import MAX_ATTEMPTS, handle
from backend.identity.models import Region
from backend.operations.models import EventReplay
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_person
from tests.relaying import drain

EVENTS = "/api/v1/dead-events"
KIND = "test.dead"
SECOND = timedelta(seconds=1)


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, outbox.Handler]]:
    found: dict[str, outbox.Handler] = {}
    monkeypatch.setitem(outbox.HANDLERS, KIND, found)
    yield found


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator", name="周敏"))


async def make_event(session: AsyncSession, **fields: Any) -> Outbox:
    """Dead at NOW after twelve tries."""
    values = {"kind": KIND, "subject_id": uuid4(), "payload": {"secret": "花名册"}, "actor": "", "occurred_at": NOW - timedelta(hours=2)}
    values |= {"attempts": MAX_ATTEMPTS, "dead_at": NOW, "last_error": "leads.handlers.assign: KeyError('x')"} | fields
    event = Outbox(**values)
    session.add(event)
    await session.flush()
    return event


async def states(session: AsyncSession, *events: Outbox) -> list[str]:
    """open, done or dead, in the order given."""
    found = {row.id: row for row in await session.scalars(select(Outbox).execution_options(populate_existing=True))}
    return ["dead" if found[one.id].dead_at else "done" if found[one.id].done_at else "open" for one in events]


async def test_the_list_says_what_failed_why_how_often_and_when(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]
) -> None:
    older, newer = await make_event(session, dead_at=NOW - SECOND), await make_event(session)
    await make_event(session, dead_at=None)
    await make_event(session, dead_at=None, done_at=NOW)
    first = (await client.get(EVENTS, params={"limit": 1}, headers=admin)).json()
    assert first["items"] == [
        {
            "id": newer.id,
            "kind": KIND,
            "subject_id": str(newer.subject_id),
            "occurred_at": "2026-03-10T00:00:00Z",
            "dead_at": "2026-03-10T02:00:00Z",
            "attempts": 12,
            "last_error": "leads.handlers.assign: KeyError('x')",
        }
    ]
    rest = (await client.get(EVENTS, params={"limit": 1, "cursor": first["next_cursor"]}, headers=admin)).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([older.id], None)


async def test_a_replayed_event_is_handled_and_who_did_it_is_kept(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str], handlers: dict[str, outbox.Handler]
) -> None:
    seen: list[UUID] = []

    async def mended(_: AsyncSession, event: OutboxRow, now: Any) -> None:
        seen.append(event.subject_id)

    handlers["a"] = mended
    one, other = await make_event(session), await make_event(session)
    answer = await client.post(f"{EVENTS}/{one.id}/replay", headers=admin)
    assert (answer.status_code, answer.json()) == (200, {"replayed": 1})
    assert await states(session, one, other) == ["open", "dead"]
    assert await drain(session, NOW) == 1
    assert await states(session, one, other) == ["done", "dead"]
    assert seen == [one.subject_id]
    kept = (await session.scalars(select(EventReplay))).one()
    assert (kept.outbox_id, kept.kind, kept.subject_id) == (one.id, KIND, one.subject_id)
    audited = (await session.execute(text("select actor, action from audit_entry where table_name = 'event_replay'"))).all()
    assert audited == [(str(kept.person_id), "insert")]
    told = (await session.scalars(select(Outbox).where(Outbox.kind == "events.replayed"))).one()
    assert told.payload == {"subject_id": str(kept.person_id), "event_id": one.id, "count": 1}


async def test_all_are_tried_again_and_only_the_dead(client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    dead = [await make_event(session) for _ in range(3)]
    waiting = await make_event(session, dead_at=None, attempts=4)
    done = await make_event(session, dead_at=None, done_at=NOW)
    answer = await client.post(f"{EVENTS}/replay-all", headers=admin)
    assert answer.json() == {"replayed": 3}
    assert await states(session, *dead, done) == ["open", "open", "open", "done"]
    assert (await session.get_one(Outbox, waiting.id, populate_existing=True)).attempts == 4
    assert len((await session.scalars(select(EventReplay))).all()) == 3
    again = await client.post(f"{EVENTS}/replay-all", headers=admin)
    assert again.json() == {"replayed": 0}
    assert len((await session.scalars(select(Outbox).where(Outbox.kind == "events.replayed"))).all()) == 1


async def test_what_an_event_has_done_already_is_not_done_twice(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str], handlers: dict[str, outbox.Handler]
) -> None:
    runs: list[str] = []
    is_mended = False

    async def good(opened: AsyncSession, _: OutboxRow, now: Any) -> None:
        runs.append("good")
        opened.add(Region(name="效果", code="X", sort_key="x"))
        await opened.flush()

    async def bad(_: AsyncSession, __: OutboxRow, now: Any) -> None:
        runs.append("bad")
        if not is_mended:
            raise RuntimeError("not yet")

    handlers |= {"good": good, "bad": bad}
    event = await make_event(session, dead_at=None, attempts=MAX_ATTEMPTS - 1)
    await drain_once(session)
    assert (await states(session, event), runs) == (["dead"], ["good", "bad"])
    is_mended = True
    assert (await client.post(f"{EVENTS}/{event.id}/replay", headers=admin)).status_code == 200
    await drain_once(session)
    assert (await states(session, event), runs) == (["done"], ["good", "bad", "bad"])


async def drain_once(session: AsyncSession) -> None:
    """As a lane of the relay does it, not as `drain`, which always asks for receipts."""
    assert await handle(session, NOW + timedelta(days=4000), NOW)


@pytest.mark.parametrize("fields", [{"dead_at": None}, {"dead_at": None, "done_at": NOW}])
async def test_an_event_that_is_not_dead_is_not_found(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str], fields: dict[str, Any]
) -> None:
    event = await make_event(session, **fields)
    assert (await client.post(f"{EVENTS}/{event.id}/replay", headers=admin)).status_code == 404
    assert (await client.post(f"{EVENTS}/{event.id + 1}/replay", headers=admin)).status_code == 404
    assert (await session.scalars(select(EventReplay))).all() == []


async def test_the_database_itself_refuses_whoever_may_not(session: AsyncSession) -> None:
    rep, event = await make_person(session), await make_event(session)
    await bind(session, Lens.PERSON, str(rep.id))
    assert (await session.scalars(select(Outbox))).all() == []
    with pytest.raises(DBAPIError, match=r"events\.manage is needed"):
        async with session.begin_nested():
            await session.execute(text("select outbox_revive(:id, now())"), {"id": event.id})


async def test_an_administrator_sees_dead_events_only(session: AsyncSession) -> None:
    admin = await make_person(session, "administrator")
    dead = await make_event(session)
    await make_event(session, dead_at=None)
    await bind(session, Lens.PERSON, str(admin.id))
    assert (await session.scalars(select(Outbox.id))).all() == [dead.id]


@pytest.mark.plants_writes
async def test_of_many_who_press_at_once_one_revives(committed: Committed) -> None:
    async with committed.owner() as session:
        admin, event = await make_person(session, "administrator"), await make_event(session)

    async def press() -> int:
        async with transaction(Lens.PERSON, str(admin.id)) as session:
            return int(await session.scalar(text("select outbox_revive(:id, now())"), {"id": event.id}) or 0)

    assert sorted(await asyncio.gather(*(press() for _ in range(8)))) == [0] * 7 + [1]
    async with committed.owner() as session:
        assert len((await session.scalars(select(EventReplay))).all()) == 1
