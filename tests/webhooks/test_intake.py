"""LEAD-2 over HTTP: authentic posts are kept once and for good, all others leave nothing."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.models import AuditEntry
from backend.core.clock import product_moment, real_now
from backend.core.db import Lens, bind
from backend.core.outbox import Outbox
from backend.leads.models import Lead
from backend.notifications.models import Notification
from backend.timeline.models import TimelineEntry
from backend.webhooks import jobs
from backend.webhooks.models import Submission
from backend.webhooks.store import IntakeStore, PoolRunner
from tests.conftest import NOW, Committed, SignIn, as_owner
from tests.factories import make_person, make_region
from tests.relaying import drain
from tests.webhooks.conftest import GOOD, SECRET, Sender, make_form

OTHER = "whsec_AAECAwABAgMAAQIDAAECAwABAgMAAQID"


async def counts(session: AsyncSession) -> tuple[int, ...]:
    """Submissions, leads, timeline entries, events."""
    tables = (Submission, Lead, TimelineEntry, Outbox)
    return tuple([await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables])


async def run_relay(session: AsyncSession, now: Any = NOW) -> None:
    await bind(session, Lens.SYSTEM, "system:relay")
    await drain(session, now)
    await as_owner(session)


async def test_a_signed_post_becomes_a_lead_in_one_go(session: AsyncSession, sender: Sender) -> None:
    form = await make_form(session)
    answer = await sender.post(GOOD, message_id="msg_1", headers={"X-Request-ID": "req-1"})
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert set(body) == {"submission_id", "state", "lead_id"}
    lead = (await session.scalars(select(Lead))).one()
    submission = (await session.scalars(select(Submission))).one()
    assert (body["state"], body["lead_id"], body["submission_id"]) == ("accepted", str(lead.id), str(submission.id))
    assert (lead.company, lead.contact_name, lead.phone_key) == ("苏州精工五金有限公司", "王芳", "+8613812345678")
    assert (lead.province, lead.city, lead.source, lead.form_id, lead.form_name) == ("江苏", "苏州", "website", form.id, "官网询盘")
    assert (lead.state, lead.owner_id, lead.received_at, lead.custom) == ("new", None, NOW, {"utm": "baidu"})
    assert (submission.message_id, submission.lead_id, lead.submission_id) == ("msg_1", lead.id, submission.id)
    assert json.loads(submission.raw) == submission.payload == GOOD
    event = (await session.scalars(select(Outbox))).one()
    assert (event.kind, event.subject_id, event.actor, event.done_at) == ("lead.received", lead.id, "form:site", None)
    entry = (await session.scalars(select(TimelineEntry))).one()
    assert (entry.kind, entry.subject_id, entry.body["form"]["name"]) == ("lead.received", lead.id, "官网询盘")
    audit = (await session.scalars(select(AuditEntry).where(AuditEntry.table_name == "lead"))).one()
    assert (audit.actor, audit.action, audit.request_id) == ("form:site", "insert", "req-1")


async def test_from_the_post_to_the_rep(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    region = await make_region(session, "华东", (("江苏", None),))
    rep = await make_person(session, region=region)
    lead_id = UUID((await sender.post(GOOD)).json()["lead_id"])
    await run_relay(session)
    lead = await session.get(Lead, lead_id, populate_existing=True)
    assert lead is not None
    assert (lead.owner_id, lead.state) == (rep.id, "assigned")
    assert await session.scalar(select(Notification.kind).where(Notification.person_id == rep.id)) == "lead.assigned"


@pytest.mark.parametrize(("style", "status"), [("ok", 200), ("code_zero", 200), ("accepted", 202)])
async def test_a_sender_hears_what_it_takes_for_success(session: AsyncSession, sender: Sender, style: str, status: int) -> None:
    await make_form(session, answer_style=style)
    for _ in range(2):
        answer = await sender.post(GOOD, message_id="msg_1")
        assert answer.status_code == status
        kept = answer.json() if style == "code_zero" else answer.json()["lead_id"]
        assert kept == ({"code": 0, "message": "success"} if style == "code_zero" else str(await session.scalar(select(Lead.id))))
    assert await counts(session) == (1, 1, 1, 1)
    assert (await sender.post(GOOD, secret=OTHER)).status_code == 401


async def test_a_replay_gets_the_first_answer(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    first = await sender.post(GOOD, message_id="msg_1")
    before = await counts(session)
    for body in (GOOD, dict(reversed(GOOD.items()))):
        again = await sender.post(body, message_id="msg_1", age=3)
        assert (again.status_code, again.json()) == (202, first.json())
    assert await counts(session) == before == (1, 1, 1, 1)
    assert (await sender.post(GOOD, message_id="msg_2")).json()["lead_id"] != first.json()["lead_id"]


async def test_another_message_under_a_used_id_is_kept_for_a_person(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    first = await sender.post(GOOD, message_id="msg_1")
    for body in ({**GOOD, "company": "别家"}, {"nothing": "fits"}):
        second = await sender.post(body, message_id="msg_1")
        assert (second.status_code, second.json()["state"], second.json()["lead_id"]) == (202, "quarantined", None)
        assert second.json()["submission_id"] != first.json()["submission_id"]
        assert (await sender.post(body, message_id="msg_1", age=3)).json() == second.json()
    kept = (await session.scalars(select(Submission).where(Submission.state == "quarantined").order_by(Submission.id))).all()
    assert [row.reason["faults"][0]["code"] for row in kept] == ["reused_id", "reused_id"]
    assert [row.payload.get("company") for row in kept] == ["别家", None]
    assert (await sender.post(GOOD, message_id="msg_1")).json() == first.json()
    assert await session.scalar(select(func.count()).select_from(Lead)) == 1


@pytest.mark.parametrize(("change", "code"), [
    ({"secret": OTHER}, "bad_signature"),
    ({"age": 400}, "stale_timestamp"),
    ({"age": -400}, "stale_timestamp"),
    ({"headers": {"webhook-id": ""}}, "missing_webhook_headers"),
    ({"headers": {"webhook-id": "msg_other"}}, "bad_signature"),
    ({"headers": {"webhook-signature": "v1,AAAA"}}, "bad_signature"),
])  # fmt: skip
async def test_what_is_not_authentic_leaves_nothing(session: AsyncSession, sender: Sender, change: dict[str, Any], code: str) -> None:
    await make_form(session)
    refused = await sender.post(GOOD, **change)
    assert (refused.status_code, refused.json()["code"]) == (401, code)
    assert refused.headers["content-type"] == "application/problem+json"
    assert await counts(session) == (0, 0, 0, 0)


async def test_keys_are_rotated_without_a_gap(session: AsyncSession, sender: Sender) -> None:
    now = real_now()
    secrets = (("signature", SECRET, now + timedelta(hours=1)), ("signature", OTHER, None))
    await make_form(session, "site", *secrets)
    assert [(await sender.post(GOOD, secret=secret)).status_code for secret in (SECRET, OTHER)] == [202, 202]
    await make_form(session, "old", ("signature", SECRET, now - timedelta(seconds=1)), ("signature", OTHER, None))
    sender.key = "old"
    assert [(await sender.post(GOOD, secret=secret)).status_code for secret in (SECRET, OTHER)] == [401, 202]


@pytest.mark.parametrize("key", ["nowhere", "%00", "%E8%A1%A8", "x" * 100])
async def test_an_unknown_form_is_404(session: AsyncSession, sender: Sender, key: str) -> None:
    sender.key = key
    assert (await sender.post(GOOD)).status_code == 404
    assert await counts(session) == (0, 0, 0, 0)


async def test_a_form_that_is_switched_off_is_404(session: AsyncSession, sender: Sender) -> None:
    await make_form(session, is_active=False)
    assert (await sender.post(GOOD)).status_code == 404


@pytest.mark.parametrize("raw", [b"{", b"", b"5", b'{"a": NaN}', b'{"a":' * 40 + b"1" + b"}" * 40, b"\xff\xfe\xfa"])
async def test_what_cannot_be_parsed_is_422_and_kept_nowhere(session: AsyncSession, sender: Sender, raw: bytes) -> None:
    await make_form(session)
    refused = await sender.post(raw)
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_body")
    assert refused.json()["errors"][0]["pointer"].startswith("#/")
    assert await counts(session) == (0, 0, 0, 0)


async def test_a_body_over_one_mebibyte_is_413(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    refused = await sender.post(b'"' + b"x" * 1024 * 1024 + b'"')
    assert refused.status_code == 413
    assert await counts(session) == (0, 0, 0, 0)


@pytest.mark.parametrize(("body", "codes"), [
    ({"company": "精工", "name": "王芳"}, ["missing_contact"]),
    ({"wer": "jemand", "was": "etwas"}, ["missing_contact", "unknown_field", "unknown_field"]),
    ({**GOOD, "phone": "call me"}, ["invalid_value"]),
    ([GOOD], ["missing_contact", "unknown_field"]),
    ({}, ["missing_contact"]),
    ({"company": "x\u0000y", "emoji": "\ud83d"}, ["missing_contact", "unknown_field"]),
])  # fmt: skip
async def test_what_is_authentic_but_does_not_fit_waits_in_quarantine(
    session: AsyncSession, sender: Sender, body: Any, codes: list[str]
) -> None:
    form = await make_form(session)
    answer = await sender.post(body, message_id="msg_1")
    assert (answer.status_code, answer.json()["state"], answer.json()["lead_id"]) == (202, "quarantined", None)
    submission = (await session.scalars(select(Submission))).one()
    assert submission.reason is not None
    assert [fault["code"] for fault in submission.reason["faults"]] == codes
    assert json.loads(submission.raw) == body
    event = (await session.scalars(select(Outbox))).one()
    assert (event.kind, event.subject_id) == ("submission.quarantined", form.id)
    assert await counts(session) == (1, 0, 0, 1)
    assert (await sender.post(body, message_id="msg_1")).json() == answer.json()
    assert await counts(session) == (1, 0, 0, 1)


async def test_a_part_that_is_made_wrongly_waits_in_quarantine_with_all_the_others(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    head = '--X\r\nContent-Disposition: form-data; name="{}"\r\n'
    parts = [head.format(name) + f"\r\n{value}\r\n" for name, value in GOOD.items() if name != "message"]
    parts += [
        head.format("message") + "Content-Transfer-Encoding: base64\r\n\r\n要报价\r\n",
        "--X\r\nContent-Type: text/plain\r\n\r\n急\r\n",
    ]
    raw = ("".join(parts) + "--X--\r\n").encode()
    answer = await sender.post(raw, headers={"content-type": "multipart/form-data; boundary=X"})
    assert (answer.status_code, answer.json()["state"], answer.json()["lead_id"]) == (202, "quarantined", None)
    kept = (await session.scalars(select(Submission))).one()
    assert (kept.raw, kept.payload) == (raw, GOOD | {"part_7": "急"})
    codes = [(fault["code"], fault["field"]) for fault in kept.reason["faults"]]
    assert codes == [("undecodable_part", "message"), ("unnamed_part", "part_7")]


async def test_a_mapping_that_makes_no_sense_quarantines_instead_of_losing(session: AsyncSession, sender: Sender) -> None:
    await make_form(session, mapping={"phone": ["phone"], "shoe_size": ["x"], "email": ["a..b"], "company": 5})
    answer = await sender.post(GOOD)
    assert (answer.status_code, answer.json()["state"]) == (202, "quarantined")
    reason = await session.scalar(select(Submission.reason))
    assert reason is not None
    assert {(fault["code"], fault["field"]) for fault in reason["faults"]} == {
        ("unknown_mapping", target) for target in ("shoe_size", "email", "company")
    }


async def test_marketing_and_administrators_hear_of_a_batch_not_of_each(
    session: AsyncSession, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_form(session)
    marketing, admin, rep = [await make_person(session, role) for role in ("marketing", "administrator", "sales_rep")]
    for _ in range(3):
        await sender.post({"company": "精工"})
        await run_relay(session)

    async def told() -> list[tuple[UUID, int]]:
        rows = await session.execute(
            select(Notification.person_id, Notification.params["count"].as_integer()).order_by(Notification.created_at)
        )
        return [(row[0], row[1]) for row in rows]

    assert sorted(await told()) == sorted([(marketing.id, 1), (admin.id, 1)])
    monkeypatch.setattr(jobs, "product_now", lambda: NOW + timedelta(minutes=4))
    assert await jobs.sweep_quarantine({}) == 0
    monkeypatch.setattr(jobs, "product_now", lambda: NOW + timedelta(minutes=5))
    assert await jobs.sweep_quarantine({}) == 2
    assert sorted((await told())[2:]) == sorted([(marketing.id, 2), (admin.id, 2)])
    assert await jobs.sweep_quarantine({}) == 0
    assert rep.id not in {person for person, _ in await told()}


async def test_a_form_token_in_a_header_or_in_the_body(session: AsyncSession, sender: Sender, client: httpx.AsyncClient) -> None:
    await make_form(session, "header", ("token", "t0ken-header", None), verification={"by": "token"})
    await make_form(session, "member", ("token", "t0ken-member", None), verification={"by": "token", "member": "token"})
    url = "/api/v1/inbound/forms/"
    good = await client.post(f"{url}header", data=GOOD, headers={"X-Form-Token": "t0ken-header"})
    assert good.status_code == 202, good.text
    inside = await client.post(f"{url}member", json={**GOOD, "phone": "13900000000", "token": "t0ken-member"})
    assert inside.status_code == 202, inside.text
    for key, headers, body in (
        ("header", {}, GOOD), ("header", {"X-Form-Token": "wrong"}, GOOD), ("member", {}, GOOD), ("member", {}, {**GOOD, "token": ["t0ken-member"]}),
        ("member", {"X-Form-Token": "t0ken-member"}, GOOD), ("member", {}, {**GOOD, "token": "t0ken-header"}),
    ):  # fmt: skip
        refused = await client.post(f"{url}{key}", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "bad_form_token")
    leads = (await session.scalars(select(Lead).order_by(Lead.number))).all()
    assert [lead.custom for lead in leads] == [{"utm": "baidu"}, {"utm": "baidu"}]
    payloads = [payload for payload in await session.scalars(select(Submission.payload)) if "token" in payload]
    assert payloads == []


async def test_a_post_without_an_id_is_the_same_for_ten_minutes(session: AsyncSession, sender: Sender, client: httpx.AsyncClient) -> None:
    await make_form(
        session, "plain", ("token", "t", None), verification={"by": "token"}, mapping={"phone": "phone", "message_id": "clue_id"}
    )

    async def post(body: dict[str, str], now: Any) -> str:
        client.app.dependency_overrides[product_moment] = lambda: now  # type: ignore[attr-defined]
        answer = await client.post("/api/v1/inbound/forms/plain", json=body, headers={"X-Form-Token": "t"})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["lead_id"])

    same = {"phone": "13812345678"}
    first = await post(same, NOW)
    assert await post(same, NOW + timedelta(minutes=9, seconds=59)) == first
    second = await post(same, NOW + timedelta(minutes=10))
    assert second != first
    assert await post(same, NOW + timedelta(minutes=19)) == second
    clue = await post({"phone": "13812345678", "clue_id": "c1"}, NOW)
    assert clue not in (first, second)
    assert await post({"phone": "13812345678", "clue_id": "c1"}, NOW + timedelta(days=9)) == clue


async def test_chinese_encodings_and_test_leads(session: AsyncSession, sender: Sender) -> None:
    await make_form(session)
    raw = json.dumps({**GOOD, "clue_convert_status": "广告预览"}, ensure_ascii=False).encode("gb18030")
    assert (await sender.post(raw)).json()["state"] == "accepted"
    lead = (await session.scalars(select(Lead))).one()
    assert (lead.company, lead.is_test) == ("苏州精工五金有限公司", True)


async def test_a_flood_gets_429_with_retry_after_and_loses_nothing(session: AsyncSession, sender: Sender) -> None:
    await make_form(session, rate_per_minute=3)
    answers = [await sender.post(GOOD) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (await counts(session))[:2] == (3, 3)


class Away:
    """A database that is away for the first calls."""

    def __init__(self, runner: Any, times: int) -> None:
        self.runner, self.times = runner, times

    async def fetchval(self, query: str, *args: Any) -> Any:
        if self.times:
            self.times -= 1
            raise asyncpg.CannotConnectNowError("the database system is starting up")
        return await self.runner.fetchval(query, *args)


async def test_a_short_absence_of_the_database_is_waited_for(session: AsyncSession, sender: Sender, store: IntakeStore) -> None:
    await make_form(session)
    store.runner = Away(store.runner, 2)
    assert (await sender.post(GOOD)).status_code == 202
    store.runner = Away(store.runner, 10**9)
    away = await sender.post(GOOD)
    assert (away.status_code, away.json()["code"], away.headers["Retry-After"]) == (503, "database_away", "5")
    assert (await counts(session))[:2] == (1, 1)


async def test_forms_and_submissions_are_read_by_those_who_may(
    session: AsyncSession, sender: Sender, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    form = await make_form(session)
    marketing, rep = await make_person(session, "marketing"), await make_person(session)
    for body in (GOOD, {"company": "精工"}, {"company": "精工", "phone": "很多"}):
        await sender.post(body)
    headers = await sign_in(marketing)
    shown = (await client.get("/api/v1/forms", headers=headers)).json()["items"]
    assert [(item["key"], item["path"]) for item in shown] == [("site", "/api/v1/inbound/forms/site")]
    assert SECRET not in str(shown)
    every = (await client.get("/api/v1/submissions", params={"limit": 2}, headers=headers)).json()
    rest = await client.get("/api/v1/submissions", params={"limit": 2, "cursor": every["next_cursor"]}, headers=headers)
    assert (len(every["items"]), len(rest.json()["items"]), rest.json()["next_cursor"]) == (2, 1, None)
    waiting = (await client.get("/api/v1/submissions", params={"state": "quarantined"}, headers=headers)).json()["items"]
    assert {item["reasons"][0]["code"] for item in waiting} == {"missing_contact", "invalid_value"}
    assert {item["form"]["id"] for item in waiting} == {str(form.id)}
    for path in ("/api/v1/forms", "/api/v1/submissions"):
        assert (await client.get(path, headers=await sign_in(rep))).status_code == 403
        assert (await client.get(path)).status_code == 401


async def test_simultaneous_repeats_over_the_real_login_make_one_lead_each(committed: Committed, app: FastAPI) -> None:
    async with committed.owner() as session:
        await make_form(session)
        await make_form(session, "plain", ("token", "t", None), verification={"by": "token"})
    from backend.webhooks.store import get_store

    runner = PoolRunner()
    store = IntakeStore(runner)
    app.dependency_overrides[get_store] = lambda: store
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        sender = Sender(client)
        signed = await asyncio.gather(*(sender.post(GOOD, message_id=f"msg_{number % 5}") for number in range(20)))
        plain = await asyncio.gather(
            *(client.post("/api/v1/inbound/forms/plain", json=GOOD, headers={"X-Form-Token": "t"}) for _ in range(10))
        )
    await runner.close()
    assert {answer.status_code for answer in (*signed, *plain)} == {202}
    assert len({answer.json()["lead_id"] for answer in signed}) == 5
    assert len({answer.json()["lead_id"] for answer in plain}) == 1
    async with committed.owner() as session:
        assert await counts(session) == (6, 6, 6, 6)
