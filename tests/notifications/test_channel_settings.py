"""Channels as data: made, bound, paused, tried on their own way; credentials go in and never come out."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.clock import real_now
from backend.core.db import Lens, transaction
from backend.core.errors import Refused
from backend.identity.deps import Actor
from backend.integrations.dingtalk.client import RobotClient
from backend.notifications import channel_settings, jobs
from backend.notifications.models import Channel, ChannelHealth, ChannelSecret, Delivery
from backend.notifications.schemas import ChannelFields, Credentials
from backend.notifications.ways import Ways
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_person, make_region
from tests.notifications.support import all_deliveries, make_channel, tell
from tests.simulators.dingtalk import running_dingtalk

API = "/api/v1/channels"
TOKEN, SECRET = "a1b2c3d4e5f6a7b8", "SECabcdef0123456789"


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


async def test_a_channel_is_made_and_its_credentials_never_come_out(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]
) -> None:
    made = (await client.post(API, json={"name": "华东群", "keyword": "成单"}, headers=admin)).json()
    assert (made["state"], made["has_credentials"], made["keyword"], made["version"]) == ("ready", False, "成单", 1)
    path = f"{API}/{made['id']}"
    none_yet = await client.post(f"{path}/test", headers=admin)
    assert (none_yet.status_code, none_yet.json()["code"]) == (409, "channel_without_credentials")
    for wrong in ({"access_token": "short"}, {"access_token": TOKEN, "secret": "有空格 "}):
        assert (await client.put(f"{path}/credentials", json=wrong, headers=admin)).status_code == 422
    given = await client.put(f"{path}/credentials", json={"access_token": TOKEN, "secret": SECRET}, headers=admin)
    again = await client.put(f"{path}/credentials", json={"access_token": TOKEN + "9"}, headers=admin)
    listed = await client.get(API, headers=admin)
    assert (given.json()["has_credentials"], again.json()["has_credentials"]) == (True, True)
    row = (await session.scalars(select(ChannelSecret).execution_options(populate_existing=True))).one()
    assert (row.access_token, row.secret) == (TOKEN + "9", None)
    audited = [entry.after for entry in await session.scalars(select(AuditEntry).where(AuditEntry.table_name == "channel_secret"))]
    assert len(audited) == 2
    assert not any(secret in text for secret in (TOKEN, SECRET) for text in (given.text, again.text, listed.text, json.dumps(audited)))


async def test_changes_name_their_field_and_their_version(client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    region, rep = await make_region(session), await make_person(session, name="张磊")
    taken, channel = await make_channel(session, name="已有"), await make_channel(session, name="群")
    path, first = f"{API}/{channel.id}", admin | {"If-Match": '"v1"'}
    for body, pointer in (
        ({"name": taken.name}, "#/name"),
        ({"region_id": str(region.id), "person_id": str(rep.id)}, "#/person_id"),
        ({"region_id": str(rep.id)}, "#/region_id"),
    ):
        refused = await client.patch(path, json=body, headers=first)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    bound = await client.patch(path, json={"person_id": str(rep.id)}, headers=first)
    assert (bound.headers["etag"], bound.json()["person"]["name"]) == ('"v2"', "张磊")
    stale = await client.patch(path, json={"is_active": False}, headers=first)
    assert (stale.status_code, stale.json()["params"]["current"]["version"]) == (412, 2)
    paused = await client.patch(path, json={"is_active": False, "person_id": None}, headers=admin | {"If-Match": '"v2"'})
    assert (paused.json()["state"], paused.json()["person"]) == ("off", None)
    off = await client.post(f"{path}/test", headers=admin)
    assert (off.status_code, off.json()["code"]) == (409, "channel_off")
    assert await session.scalar(select(func.count()).select_from(Delivery)) == 0


async def test_a_channel_of_one_person_serves_that_person_alone(session: AsyncSession) -> None:
    east = await make_region(session)
    rep, colleague = await make_person(session, region=east), await make_person(session, region=east)
    group, own = await make_channel(session, east, name="群"), await make_channel(session, name="本人", person_id=rep.id)
    stranger = await make_person(session)
    await tell(session, [rep, colleague, stranger])
    served = {(delivery.person_id, delivery.channel_id) for delivery in await all_deliveries(session)}
    assert served == {(rep.id, own.id), (colleague.id, group.id)}, "whom no channel serves gets no message"


def actor_of(person: Any) -> Actor:
    return Actor(person.id, person.name, None, frozenset(), frozenset(), frozenset({"channels.read", "channels.manage"}))


async def test_a_test_message_goes_the_way_of_all_messages_and_tells_the_outcome(committed: Committed) -> None:
    async with committed.owner() as session:
        admin = await make_person(session, "administrator", name="管理员", dingtalk_mobile="13800000000")
    actor = actor_of(admin)

    async def as_admin(work: Any, *args: Any) -> Any:
        async with transaction(Lens.PERSON, str(admin.id)) as session:
            return await work(session, actor, *args)

    async def outcome(delivery_id: Any) -> tuple[str, str | None]:
        async with committed.owner() as session:
            found = await session.get_one(Delivery, delivery_id)
            return found.state, found.last_error

    made = await as_admin(channel_settings.create_channel, ChannelFields(name="华东群"), NOW, real_now())
    async with running_dingtalk() as dingtalk, httpx.AsyncClient(trust_env=False) as http:
        ways = Ways(RobotClient(http, dingtalk.url))
        await as_admin(channel_settings.set_credentials, made.id, Credentials(access_token=TOKEN, secret="SECwrong0000"), NOW, real_now())
        dingtalk.add_robot(TOKEN, secret=SECRET)
        first = await as_admin(channel_settings.send_test, made.id, NOW, real_now())
        assert (first.state, first.person.name, first.kind) == ("pending", "管理员", "channel.test")
        await jobs.serve_channel(ways, made.id)
        state, error = await outcome(first.id)
        assert (state, "310000" in str(error)) == ("dead", True)
        async with committed.owner() as session:
            assert (await session.get_one(ChannelHealth, made.id)).broken_at is not None
        mended = await as_admin(channel_settings.set_credentials, made.id, Credentials(access_token=TOKEN, secret=SECRET), NOW, real_now())
        assert mended.state == "ready"
        second = await as_admin(channel_settings.send_test, made.id, NOW, real_now())
        assert await jobs.serve_channel(ways, made.id) == 1
        assert await outcome(second.id) == ("sent", None)
        (shown,) = dingtalk.shown
        assert ("测试消息" in shown, "华东群" in shown, "@13800000000" in shown) == (True, True, True)
        async with committed.owner() as session:
            await session.execute(update(Channel).values(is_active=False))
        with pytest.raises(Refused):
            await as_admin(channel_settings.send_test, made.id, NOW, real_now())
        assert await jobs.serve_channel(ways, made.id) == 0
