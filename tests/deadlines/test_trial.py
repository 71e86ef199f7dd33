"""A ladder is tried before it goes live: the trial counts what the engine then does, and stores nothing."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.ids import new_id
from backend.deadlines import service
from backend.deadlines.models import Deadline, LadderRow
from backend.deadlines.rules import FIRST_CONTACT
from tests.conftest import NOW, SignIn
from tests.factories import make_person
from tests.relaying import drain

API = "/api/v1/ladders"


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


async def leads_assigned(session: AsyncSession, *hours_ago: int) -> None:
    for hours in hours_ago:
        moment = NOW - timedelta(hours=hours)
        await service.arm(session, FIRST_CONTACT, "lead", new_id(), {"assigned": moment, "first_assigned": moment}, moment)


async def rungs(client: AsyncClient, admin: dict[str, str], **hours: int) -> list[dict[str, Any]]:
    """The ladder in force with other amounts; a rung that is not named is left out."""
    (ladder,) = (one for one in (await client.get(API, headers=admin)).json()["items"] if one["kind"] == FIRST_CONTACT)
    return [rung | {"amount": hours[rung["key"]]} for rung in ladder["rungs"] if rung["key"] in hours]


async def state(session: AsyncSession) -> list[Any]:
    rows = await session.execute(select(Deadline.id, Deadline.state, Deadline.due_at).order_by(Deadline.id))
    return [*rows.all(), *(await session.scalars(select(LadderRow.rungs)))]


async def test_the_trial_counts_what_then_happens_and_stores_nothing(
    client: AsyncClient, session: AsyncSession, admin: dict[str, str]
) -> None:
    await leads_assigned(session, 30, 20, 10, 1)
    await service.sweep(session, NOW)
    before = await state(session)
    body = {"rungs": await rungs(client, admin, script=24, supervisor=24)}
    tried = await client.post(f"{API}/{FIRST_CONTACT}/dry-run", json=body, headers=admin)
    assert tried.status_code == 200, tried.text
    supervisor = next(one for one in tried.json()["rungs"] if one["rung"] == "supervisor")
    assert supervisor == {"rung": "supervisor", "pending": 4, "moved": 4, "due_now": 1, "due_soon": 3}
    assert tried.json()["stopped"] == 4, "the next level is gone"
    assert await state(session) == before
    saved = await client.put(f"{API}/{FIRST_CONTACT}", json=body, headers=admin | {"If-Match": '"v1"'})
    assert saved.status_code == 200
    await drain(session, NOW)
    fires = select(func.count()).where(Deadline.state == "pending", Deadline.rung == "supervisor", Deadline.due_at <= NOW)
    assert await session.scalar(fires) == supervisor["due_now"]
    assert await session.scalar(select(func.count()).where(Deadline.state == "stopped")) == tried.json()["stopped"]
    assert await service.sweep(session, NOW) == supervisor["due_now"]
    assert await service.sweep(session, NOW) == 0, "what has fired stays fired"
    back = {"rungs": await rungs(client, admin, script=24, supervisor=24)}
    again = (await client.post(f"{API}/{FIRST_CONTACT}/dry-run", json=back, headers=admin)).json()
    assert [one["due_now"] for one in again["rungs"]] == [0, 0]


async def test_a_trial_of_nonsense_is_refused_like_the_change(client: AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    wrong = [rung | {"base": "moon"} for rung in await rungs(client, admin, script=24)]
    refused = await client.post(f"{API}/{FIRST_CONTACT}/dry-run", json={"rungs": wrong}, headers=admin)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_base")
    unknown = await client.post(f"{API}/no.such/dry-run", json={"rungs": []}, headers=admin)
    assert unknown.status_code == 404
