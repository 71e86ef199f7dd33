"""The bell, channels and deliveries over HTTP."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.clock import real_now
from backend.core.db import run_before_commit
from backend.core.ids import new_id
from backend.core.live import Hub, use_hub
from backend.identity.deps import Actor
from backend.identity.tokens import Claims
from backend.notifications.api import open_live_stream
from backend.notifications.models import ChannelHealth, Delivery, DeliveryReplay
from backend.notifications.service import Notice, notify
from tests.conftest import NOW, SignIn
from tests.factories import make_person, make_region
from tests.notifications.support import SECRET, all_deliveries, make_channel, notifications_of, tell

API = "/api/v1"


async def test_the_list_is_newest_first_and_paged(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    person, other = await make_person(session), await make_person(session)
    for minute in range(5):
        await tell(session, [person], f"厂{minute}", now=NOW + timedelta(minutes=minute))
    await tell(session, [other], "别人的")
    headers, seen, cursor = await sign_in(person), [], ""
    while cursor is not None:
        page = (
            await client.get(f"{API}/notifications", params={"limit": 2, **({"cursor": cursor} if cursor else {})}, headers=headers)
        ).json()
        seen += [item["params"]["company"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["厂4", "厂3", "厂2", "厂1", "厂0"]


async def test_reading_one_and_all(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    person, other = await make_person(session), await make_person(session)
    for company in ("甲", "乙", "丙"):
        await tell(session, [person, other], company)
    headers = await sign_in(person)
    rows = (await client.get(f"{API}/notifications", headers=headers)).json()["items"]
    assert [row["read_at"] for row in rows] == [None, None, None]
    for _ in range(2):
        assert (await client.post(f"{API}/notifications/{rows[0]['id']}/read", headers=headers)).status_code == 204
    assert (await client.get(f"{API}/notifications/summary", headers=headers)).json() == {"unread": 2}
    unread = (await client.get(f"{API}/notifications", params={"unread_only": True}, headers=headers)).json()["items"]
    assert [row["id"] for row in unread] == [rows[1]["id"], rows[2]["id"]]
    assert (await client.post(f"{API}/notifications/read-all", headers=headers)).status_code == 204
    assert (await client.get(f"{API}/notifications/summary", headers=headers)).json() == {"unread": 0}
    assert (await client.get(f"{API}/notifications/summary", headers=await sign_in(other))).json() == {"unread": 3}


async def test_opening_a_record_reads_what_is_said_about_it(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    person, other = await make_person(session), await make_person(session)
    one, two = new_id(), new_id()
    for subject in (one, one, two):
        await notify(session, Notice([person.id, other.id], "lead.script", {}, "lead", subject), now=NOW)
    await run_before_commit(session)
    headers = await sign_in(person)
    for _ in range(2):
        answer = await client.post(f"{API}/notifications/read-all", headers=headers, params={"subject_id": str(one)})
        assert answer.status_code == 204
        unread = (await client.get(f"{API}/notifications", params={"unread_only": True}, headers=headers)).json()["items"]
        assert [row["subject_id"] for row in unread] == [str(two)]
    assert (await client.get(f"{API}/notifications/summary", headers=await sign_in(other))).json() == {"unread": 3}


async def test_a_strangers_notification_is_not_found_and_stays_unread(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    person, stranger = await make_person(session), await make_person(session, "administrator")
    await tell(session, [person])
    (row,) = await notifications_of(session, person)
    answer = await client.post(f"{API}/notifications/{row.id}/read", headers=await sign_in(stranger))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    await session.refresh(row)
    assert row.read_at is None


async def test_a_cursor_of_the_other_filter_is_refused(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session)
    for _ in range(2):
        await tell(session, [person])
    headers = await sign_in(person)
    cursor = (await client.get(f"{API}/notifications", params={"limit": 1}, headers=headers)).json()["next_cursor"]
    answer = await client.get(f"{API}/notifications", params={"cursor": cursor, "unread_only": True}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_channels_show_their_state_and_no_credentials(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    region = await make_region(session)
    broken = await make_channel(session, region, name="a 坏的", config={"keyword": "成单"})
    waiting = await make_channel(session, name="b 限流")
    await make_channel(session, name="c 好的")
    await make_channel(session, name="d 关的", is_active=False)
    until = real_now() + timedelta(minutes=5)
    session.add(ChannelHealth(channel_id=broken.id, failures=1, throttles=0, broken_at=NOW, problem="310000 sign not match"))
    session.add(ChannelHealth(channel_id=waiting.id, failures=0, throttles=1, blocked_until=until, problem="130101 too fast"))
    await session.flush()
    answer = await client.get(f"{API}/channels", headers=await sign_in(await make_person(session, "administrator")))
    items = answer.json()["items"]
    assert [(item["name"], item["state"], item["problem"]) for item in items] == [
        ("a 坏的", "broken", "310000 sign not match"),
        ("b 限流", "waiting", "130101 too fast"),
        ("c 好的", "ready", None),
        ("d 关的", "off", None),
        ("邮件", "off", None),
    ]
    assert items[0]["region_id"] == str(region.id)
    shown = {
        "id",
        "kind",
        "name",
        "is_active",
        "region_id",
        "person",
        "keyword",
        "has_credentials",
        "version",
        "state",
        "blocked_until",
        "problem",
    }
    assert set(items[0]) == shown
    assert SECRET not in answer.text
    assert "token-" not in answer.text


async def test_a_rep_may_look_at_neither_channels_nor_deliveries(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    headers = await sign_in(await make_person(session))
    for path in ("channels", "deliveries"):
        answer = await client.get(f"{API}/{path}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def dead_delivery(session: AsyncSession) -> Delivery:
    person = await make_person(session, name="张磊")
    channel = await make_channel(session, name="华东群")
    session.add(ChannelHealth(channel_id=channel.id, failures=3, throttles=0, broken_at=NOW, told_at=NOW, problem="310000 sign"))
    await tell(session, [person])
    (delivery,) = await all_deliveries(session)
    delivery.state, delivery.attempts, delivery.last_error = "dead", 3, "310000 sign not match"
    await session.flush()
    return delivery


async def test_deliveries_are_listed_by_state(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    delivery = await dead_delivery(session)
    headers = await sign_in(await make_person(session, "marketing"))
    (item,) = (await client.get(f"{API}/deliveries", params={"state": "dead"}, headers=headers)).json()["items"]
    assert item == {
        "id": str(delivery.id),
        "channel": {"id": str(delivery.channel_id), "name": "华东群"},
        "person": {"id": str(delivery.person_id), "name": "张磊"},
        "kind": "test.told",
        "state": "dead",
        "attempts": 3,
        "created_at": "2026-03-10T02:00:00Z",
        "next_at": None,
        "last_error": "310000 sign not match",
        "sent_at": None,
    }
    assert (await client.get(f"{API}/deliveries", params={"state": "sent"}, headers=headers)).json()["items"] == []


async def test_a_replay_revives_delivery_and_channel_and_is_audited(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    delivery, administrator = await dead_delivery(session), await make_person(session, "administrator")
    headers = await sign_in(administrator)
    answer = await client.post(f"{API}/deliveries/{delivery.id}/replay", headers=headers)
    assert (answer.status_code, answer.json()["state"], answer.json()["attempts"]) == (200, "pending", 0)
    await session.refresh(delivery)
    assert (delivery.state, delivery.next_at) == ("pending", None)
    health = await session.get_one(ChannelHealth, delivery.channel_id, populate_existing=True)
    assert (health.broken_at, health.told_at) == (None, None)
    entry = (await session.scalars(select(AuditEntry).where(AuditEntry.table_name == "delivery_replay"))).one()
    assert (entry.actor, entry.action, entry.after and entry.after["delivery_id"]) == (str(administrator.id), "insert", str(delivery.id))
    again = await client.post(f"{API}/deliveries/{delivery.id}/replay", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "delivery_not_dead")
    assert await session.scalar(select(func.count()).select_from(DeliveryReplay)) == 1


async def test_who_may_not_replay_changes_nothing(client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn) -> None:
    delivery = await dead_delivery(session)
    marketing, rep = await make_person(session, "marketing"), await make_person(session)
    refused = await client.post(f"{API}/deliveries/{delivery.id}/replay", headers=await sign_in(marketing))
    hidden = await client.post(f"{API}/deliveries/{delivery.id}/replay", headers=await sign_in(rep))
    absent = await client.post(f"{API}/deliveries/{uuid4()}/replay", headers=await sign_in(marketing))
    assert [answer.status_code for answer in (refused, hidden, absent)] == [403, 404, 404]
    await session.refresh(delivery)
    assert (delivery.state, delivery.attempts) == ("dead", 3)
    assert await session.scalar(select(func.count()).select_from(DeliveryReplay)) == 0


@pytest.mark.parametrize(("minutes", "life"), [(None, 600), (2, 120), (11, 600), (0, 0)])
async def test_a_stream_lives_as_long_as_the_token_and_the_access_both_do(session: AsyncSession, minutes: int | None, life: float) -> None:
    end = None if minutes is None else NOW + timedelta(minutes=minutes)
    person = await make_person(session, access_ends_at=end)
    claims = Claims(person.id, uuid4(), int((NOW + timedelta(minutes=10)).timestamp()))
    actor = Actor(person.id, person.name, None, frozenset(), frozenset(), frozenset())
    use_hub(Hub())
    response = await open_live_stream(session, actor, claims, NOW)
    use_hub(None)
    assert response._life == life
