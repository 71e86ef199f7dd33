"""Forms as data: made, changed under a version, tried without a trace; secrets shown once and rotated with an overlap."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.outbox import Outbox
from backend.leads.models import Lead
from backend.webhooks.models import FormMapping, FormSecret, Submission
from backend.webhooks.rules import check_origin, is_secret
from backend.webhooks.store import IntakeStore
from tests.conftest import SignIn
from tests.factories import make_person
from tests.webhooks.conftest import GOOD, MAPPING, SECRET, Sender, make_form

API = "/api/v1/forms"
NEW = {"key": "fair-2026", "name": "展会表单", "source": "exhibition", "mapping": {"phone": "tel"}, "verification": {"by": "signature"}}


@pytest.fixture
async def marketing(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "marketing", name="林悦"))


async def test_a_form_is_made_given_a_secret_and_takes_posts(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, marketing: dict[str, str]
) -> None:
    made = (await client.post(API, json=NEW, headers=marketing)).json()
    assert (made["path"], made["version"], made["is_active"], made["allowed_origins"]) == ("/api/v1/inbound/forms/fair-2026", 1, True, [])
    sender.key = "fair-2026"
    assert (await sender.post({"tel": "13812345678"})).status_code == 401, "no secret, no posts"
    secret = (await client.post(f"{API}/{made['id']}/secrets", json={"kind": "signature"}, headers=marketing)).json()
    assert is_secret(secret["secret"])
    (shown,) = (await client.get(f"{API}/{made['id']}/secrets", headers=marketing)).json()["items"]
    assert (shown["hint"], shown["is_live"], secret["secret"] in json.dumps(shown)) == (secret["secret"][-4:], True, False)
    hidden = await session.scalar(select(AuditEntry.after["secret"].astext).where(AuditEntry.table_name == "form_secret"))
    assert str(hidden).startswith("hidden ")


async def test_rotation_overlaps_and_an_ended_secret_is_out_at_once(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, store: IntakeStore, marketing: dict[str, str]
) -> None:
    form = await make_form(session)
    old = await session.scalar(select(FormSecret.id))
    rotated = await client.post(f"{API}/{form.id}/secrets", json={"kind": "signature", "overlap_hours": 2}, headers=marketing)
    for secret in (SECRET, rotated.json()["secret"]):
        assert (await sender.post(GOOD, secret=secret)).status_code == 202
        store.forget()
    ended = await client.post(f"{API}/{form.id}/secrets/{old}/end", headers=marketing)
    assert [(one["is_live"]) for one in ended.json()["items"]] == [True, False]
    store.forget()
    assert (await sender.post(GOOD)).json()["code"] == "bad_signature"
    assert (await sender.post(GOOD, secret=rotated.json()["secret"])).status_code == 202
    again = await client.post(f"{API}/{form.id}/secrets/{old}/end", headers=marketing)
    assert (again.status_code, again.json()["code"]) == (409, "secret_not_live")
    at_once = await client.post(f"{API}/{form.id}/secrets", json={"kind": "signature", "overlap_hours": 0}, headers=marketing)
    store.forget()
    assert (await sender.post(GOOD, secret=rotated.json()["secret"])).status_code == 401
    assert (await sender.post(GOOD, secret=at_once.json()["secret"])).status_code == 202


async def test_a_save_keeps_the_mapping_before_it(client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]) -> None:
    form = await make_form(session)
    path = f"{API}/{form.id}"
    changed = await client.patch(path, json={"mapping": {"phone": "tel"}}, headers=marketing | {"If-Match": '"v1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["mapping"]) == (200, '"v2"', {"phone": "tel"})
    renamed = await client.patch(path, json={"name": "新官网", "rate_per_minute": 60}, headers=marketing | {"If-Match": '"v2"'})
    assert (renamed.json()["name"], renamed.json()["rate_per_minute"], renamed.json()["version"]) == ("新官网", 60, 3)
    (kept,) = (await client.get(f"{path}/mappings", headers=marketing)).json()["items"]
    assert (kept["version"], kept["mapping"], kept["replaced_by"]["name"]) == (1, MAPPING, "林悦")
    kinds = (await session.scalars(select(Outbox.payload["fields"]).where(Outbox.kind == "form.changed").order_by(Outbox.id))).all()
    assert kinds == [["mapping"], ["name", "rate_per_minute"]]
    stale = await client.patch(path, json={"name": "旧"}, headers=marketing | {"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["params"]["current"]["name"]) == (412, "新官网")
    assert (await client.patch(path, json={"name": "旧"}, headers=marketing)).status_code == 428


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"mapping": {"nonsense": "a"}}, "#/mapping/nonsense"), ({"mapping": {"phone": "a["}}, "#/mapping/phone"),
     ({"mapping": {"phone": {"path": "a", "transforms": ["shout"]}}}, "#/mapping/phone"), ({"key": "Ä b"}, "#/key"), ({"key": "site"}, "#/key"),
     ({"allowed_origins": ["https://a.cn/page"]}, "#/allowed_origins/0"), ({"rate_per_minute": 0}, "#/rate_per_minute")],
)  # fmt: skip
async def test_a_form_that_cannot_work_is_refused_by_field(
    client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str], body: dict[str, Any], pointer: str
) -> None:
    await make_form(session)
    refused = await client.post(API, json=NEW | body, headers=marketing)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, [pointer])


async def test_a_trial_shows_the_lead_and_every_fault_and_stores_nothing(
    client: httpx.AsyncClient, session: AsyncSession, marketing: dict[str, str]
) -> None:
    mapping = {
        "phone": [{"path": "tel", "transforms": ["phone"]}],
        "province": ["area", {"constant": "江苏"}],
        "campaign": {"constant": "上海展会"},
        "expected_amount": "budget",
        "nonsense": "x",
    }
    payload = json.dumps({"tel": "138 1234 5678", "budget": "很多", "color": "red"})
    tried = (await client.post("/api/v1/form-dry-runs", json={"mapping": mapping, "payload": payload}, headers=marketing)).json()
    assert (tried["fields"]["phone"], tried["fields"]["province"], tried["fields"]["campaign"]) == ("138 1234 5678", "江苏", "上海展会")
    assert (tried["fits"], [fault["field"] for fault in tried["faults"]], tried["custom"]) == (
        False,
        ["nonsense"],
        {"color": "red", "金额原文": "很多"},
    )
    assert [note["field"] for note in tried["kept_beside"]] == ["expected_amount"]
    form = {"mapping": {"phone": "tel"}, "payload": "tel=13812345678&token=s3cret", "token_member": "token"}
    posted = await client.post(
        "/api/v1/form-dry-runs", json=form | {"content_type": "application/x-www-form-urlencoded"}, headers=marketing
    )
    assert (posted.json()["fits"], posted.json()["custom"]) == (True, {})
    broken = (await client.post("/api/v1/form-dry-runs", json={"mapping": {}, "payload": "{"}, headers=marketing)).json()
    assert [fault["code"] for fault in broken["faults"]] == ["unreadable"]
    for table in (Submission, Lead, FormMapping, Outbox):
        assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_pages_that_are_not_named_may_not_post(session: AsyncSession, sender: Sender) -> None:
    await make_form(session, allowed_origins=["https://www.example.cn"])
    assert (await sender.post(GOOD)).status_code == 202, "a server names no origin"
    assert (await sender.post(GOOD, headers={"Origin": "https://WWW.example.cn"})).status_code == 202
    refused = await sender.post(GOOD, headers={"Origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["code"]) == (401, "origin_not_allowed")
    assert check_origin("https://evil.example", []) is None


async def test_a_switched_off_form_takes_nothing(
    client: httpx.AsyncClient, session: AsyncSession, sender: Sender, store: IntakeStore, marketing: dict[str, str]
) -> None:
    form = await make_form(session)
    off = await client.patch(f"{API}/{form.id}", json={"is_active": False}, headers=marketing | {"If-Match": '"v1"'})
    assert off.json()["is_active"] is False
    store.forget()
    assert (await sender.post(GOOD)).json()["code"] == "unknown_form"
